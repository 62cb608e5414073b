from __future__ import annotations

from dataclasses import replace

import pytest

from app_pages import _resources
from app_pages._contact import contact_html
from tests.app.conftest import Portal

HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize("page", ["toegankelijkheid", "privacy"])
def test_statement_stands_in_the_foot_and_names_the_bureau(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    assert portal().link(page.capitalize()) == f"./{page}"
    assert "het bureau van de Vereniging van Drentse Gemeenten" in portal(page).text
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, contact="bureau@vdg.nl"))

    shown = portal(page)

    assert shown.link("bureau@vdg.nl") == "mailto:bureau@vdg.nl"
    assert [level for level, _ in shown.headings] == [1, *[2] * (len(shown.headings) - 1)]


def test_statement_says_that_the_makers_tested_it_themselves(portal: Portal) -> None:
    text = portal("toegankelijkheid").text

    assert "Status C: eerste maatregelen genomen." in text
    assert "Dit deden de makers van het portaal zelf." in text
    assert "nog niet getest met NVDA, JAWS of VoiceOver" in text


@pytest.mark.parametrize("kept", [False, True])
def test_privacy_says_what_the_setting_does(portal: Portal, monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    monkeypatch.setattr(_resources, "SETTINGS", replace(_resources.SETTINGS, keep_questions=kept))

    text = portal("privacy").text

    assert ("na 30 dagen verwijderd" in text) is kept
    assert ("De tekst van uw vraag wordt niet bewaard." in text) is not kept


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("bureau@vdg.nl", '<a href="mailto:bureau@vdg.nl">bureau@vdg.nl</a>'),
        ("https://vdg.nl/contact", '<a href="https://vdg.nl/contact" rel="noopener noreferrer">'),
        ("bel 0593 123456", "<bdi>bel 0593 123456</bdi>"),
        ("javascript:alert(1)", "<bdi>javascript:alert(1)</bdi>"),
        ("a@b.nl?body=x", "<bdi>a@b.nl?body=x</bdi>"),
        (HOSTILE, "<bdi>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"),
    ],
)
def test_contact_html_links_only_what_is_an_address(told: str, shown: str) -> None:
    assert contact_html(told).startswith(shown)
