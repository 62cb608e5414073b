"""The register names what is there: every file, page, word and portefeuille in it exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingest.portefeuilles import PORTEFEUILLES

FIELDS = {"id", "titel", "uitgever", "jaar", "soort", "portefeuilles", "bestand", "adres", "volg_links", "genoemd"}
REQUIRED = {"id", "titel", "soort", "portefeuilles"}
HANDOVER = "overdrachtsdocument-vdg-2026"

# The public reports that the handover names; the bureau may add others.
REPORTS = 23


@pytest.fixture(scope="module")
def entries(corpus: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((corpus / "bronnen.toml").read_text(encoding="utf-8"))["bron"])


@pytest.fixture(scope="module")
def page_text(page_lines: dict[int, list[str]]) -> dict[int, str]:
    """A page's words without white space and hyphens, so that a phrase is found across a broken line."""
    return {number: squeezed(" ".join(lines)) for number, lines in page_lines.items()}


def test_register_has_the_handover_and_every_report_once(entries: list[dict[str, Any]]) -> None:
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids)) >= 1 + REPORTS
    assert ids[0] == HANDOVER


def test_register_entries_have_the_fields_that_are_documented(entries: list[dict[str, Any]], corpus: Path) -> None:
    for entry in entries:
        assert entry.keys() <= FIELDS, entry["id"]
        assert entry.keys() >= REQUIRED, entry["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"])
    header = (corpus / "bronnen.toml").read_text(encoding="utf-8").split("[[bron]]\nid")[0]
    readme = (corpus / "README.md").read_text(encoding="utf-8")
    for field in FIELDS:
        assert re.search(rf"^#   {field} ", header, re.MULTILINE), f"{field} is not explained to the bureau"
        assert f"| `{field}` |" in readme


def test_register_names_existing_portefeuilles(entries: list[dict[str, Any]]) -> None:
    named = [name for entry in entries for name in entry["portefeuilles"]]
    assert named
    assert set(named) <= set(PORTEFEUILLES)


def test_register_names_existing_files_and_addresses(entries: list[dict[str, Any]], corpus: Path) -> None:
    files = [entry["bestand"] for entry in entries if "bestand" in entry]
    assert "overdrachtsdocument-vdg-2026.pdf" in files
    assert all((corpus / name).is_file() for name in files)
    addresses = [entry["adres"] for entry in entries if "adres" in entry]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)


def test_register_quotes_the_handover_verbatim(entries: list[dict[str, Any]], page_text: dict[int, str]) -> None:
    assert sum("genoemd" in entry for entry in entries) >= REPORTS
    for entry in entries:
        for place in entry.get("genoemd", []):
            assert place.keys() == {"pagina", "woorden"}
            assert squeezed(place["woorden"]) in page_text[place["pagina"]], (entry["id"], place)


def test_register_follows_the_links_of_the_handover(entries: list[dict[str, Any]]) -> None:
    assert entries[0]["volg_links"] is True
    assert all(isinstance(entry.get("volg_links", False), bool) for entry in entries)


def test_register_addresses_agree_with_the_links_in_the_handover(
    entries: list[dict[str, Any]], link_words: dict[str, tuple[int, str]]
) -> None:
    linked = [entry for entry in entries if entry.get("adres") in link_words]
    assert len(linked) >= 3  # Platform31, the regioplan, the manifest
    for entry in linked:
        page, words = link_words[entry["adres"]]
        quotes = [squeezed(place["woorden"]) for place in entry["genoemd"] if place["pagina"] == page]
        assert any(squeezed(words) in quote for quote in quotes), entry["id"]


def squeezed(words: str) -> str:
    """'VNG-\\nmiddelen in' → 'VNGmiddelenin'"""
    return re.sub(r"[\s-]", "", words)
