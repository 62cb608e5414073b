from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st

from app_pages._beheer.access import HERE_ALONE, AccessList, access_list, decide, is_alone

HERE = [("host", "localhost:8501"), ("origin", "http://localhost:8501")]
LISTED = AccessList(frozenset({"a.bos@vdg.nl", "@gemeente.nl"}))


def user(email: str, verified: object = True, **more: object) -> dict[str, object]:
    return {"is_logged_in": True, "email": email, "email_verified": verified, **more}


@pytest.mark.parametrize("address", [None, "127.0.0.1", "::1", "127.0.0.53", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_decide_lets_this_machine_in_without_a_provider(address: str | None, name: str) -> None:
    assert decide(False, address, [("Host", name), ("Origin", f"http://{name}")], {}, AccessList(), alone=True).allowed


@pytest.mark.parametrize("address", ["10.0.0.5", "93.184.216.34", "::ffff:10.0.0.5", "unknown", ""])
def test_decide_refuses_another_machine(address: str) -> None:
    refused = decide(False, address, HERE, {}, LISTED, alone=True)

    assert not refused.allowed
    assert "http://localhost:8501" in refused.why


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
def test_decide_never_takes_a_proxy_for_this_machine(header: str) -> None:
    assert not decide(False, "127.0.0.1", [*HERE, (header, "127.0.0.1")], {}, LISTED, alone=True).allowed


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("host", "localhost:8501")],  # no browser: it always tells its origin over a websocket
        [("host", "kwaad.nl"), ("origin", "http://kwaad.nl")],  # a name that was made to lead to this machine
        [("host", "localhost.kwaad.nl"), ("origin", "http://localhost:8501")],
        [("host", "localhost:8501"), ("origin", "https://zoekportaal.gemeente.nl")],  # a proxy that tells nothing
        [("host", "localhost:8501"), ("origin", "null")],
        [("host", "localhost@kwaad.nl"), ("origin", "http://localhost")],
        [("host", "localhost"), ("host", "kwaad.nl"), ("origin", "http://localhost")],
        [("host", "[::1"), ("origin", "http://localhost")],
    ],
)
def test_decide_refuses_a_name_that_is_not_this_machines(headers: list[tuple[str, str]]) -> None:
    assert not decide(False, None, headers, {}, LISTED, alone=True).allowed


def test_decide_lets_nobody_in_where_a_proxy_may_stand_that_tells_nothing_of_itself() -> None:
    refused = decide(False, "127.0.0.1", HERE, {}, LISTED, alone=False)

    assert not refused.allowed
    assert "inloggen" in refused.why
    assert "make start" in refused.why


@pytest.mark.parametrize(
    ("said", "listens", "alone"),
    [
        ("ja", "localhost", True),
        ("ja", "127.0.0.1", True),
        ("ja", "::1", True),
        ("ja", "0.0.0.0", False),
        ("ja", None, False),
        ("ja", "portaal.vdg.nl", False),
        ("nee", "localhost", False),
        ("", "localhost", False),
    ],
)
def test_access_a_portal_is_alone_if_that_is_said_and_it_listens_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, said: str, listens: str | None, alone: bool
) -> None:
    monkeypatch.setattr(st, "get_option", {"server.address": listens}.get)

    assert is_alone({HERE_ALONE: said}) is alone


@pytest.mark.parametrize("email", ["a.bos@vdg.nl", " A.Bos@VDG.nl ", "wie@gemeente.nl"])
def test_decide_lets_in_who_stands_on_the_list(email: str) -> None:
    decision = decide(True, "10.0.0.5", [], user(email), LISTED, alone=True)

    assert decision.allowed
    assert decision.who == email.strip().casefold()


@pytest.mark.parametrize("email", ["b@vdg.nl", "a.bos@vdg.nl.kwaad.nl", "x@sub.gemeente.nl", "@gemeente.nl", "", "a"])
def test_decide_refuses_who_does_not(email: str) -> None:
    assert not decide(True, None, HERE, user(email), LISTED, alone=True).allowed


def test_decide_asks_to_log_in_even_on_this_machine() -> None:
    refused = decide(True, None, HERE, {"is_logged_in": False}, LISTED, alone=True)

    assert (refused.allowed, refused.can_log_in) == (False, True)


@pytest.mark.parametrize("verified", [False, None, "true", 0])
def test_decide_refuses_an_address_that_was_not_verified(verified: object) -> None:
    assert not decide(True, None, HERE, user("a.bos@vdg.nl", verified), LISTED, alone=True).allowed


def test_decide_takes_an_unconfirmed_address_only_where_the_bureau_says_so() -> None:
    trusting = AccessList(LISTED.addresses, unconfirmed=True)

    assert decide(True, None, HERE, user("a.bos@vdg.nl", None), trusting, alone=True).allowed
    assert not decide(True, None, HERE, user("a.bos@vdg.nl", False), trusting, alone=True).allowed


def test_decide_with_nobody_listed_says_how_to_list() -> None:
    refused = decide(True, None, HERE, user("a.bos@vdg.nl"), AccessList(), alone=True)

    assert not refused.allowed
    assert "access.toml" in refused.why


def test_access_list_joins_file_and_environment(tmp_path: Path) -> None:
    (tmp_path / "access.toml").write_text('toegang = ["A@vdg.nl"]\nonbevestigd = true\n')

    listed = access_list(tmp_path, {"ZOEKPORTAAL_BEHEERDERS": " @Gemeente.nl ,, b@c.nl"})

    assert listed == AccessList(frozenset({"a@vdg.nl", "@gemeente.nl", "b@c.nl"}), True)


@pytest.mark.parametrize(
    "text", ["toegang = [1]", 'toegang = "a@b.nl"', 'toegang = ["iedereen"]', "onbevestigd = 1", "x"]
)
def test_access_list_that_is_wrong_lets_nobody_in(tmp_path: Path, text: str) -> None:
    (tmp_path / "access.toml").write_text(text)

    listed = access_list(tmp_path, {"ZOEKPORTAAL_BEHEERDERS": "a@b.nl"})

    assert listed.problem
    assert not decide(True, None, HERE, user("a@b.nl"), listed, alone=True).allowed
