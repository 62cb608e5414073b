from __future__ import annotations

import dataclasses
import random
import time

import pytest

from ingest.documents import Box, Document, Line, Page, Passage, Source, Unit
from ingest.privacy import (
    Finding,
    Kind,
    findings,
    findings_of,
    is_quarantined,
    is_released,
    passes_eleven_test,
    quarantine_reason,
    warning_of,
)

BOX = Box(0, 0, 10, 10)
# All made up; 111222333 and 123456782 are the numbers that manuals use, 049055057 has a leading zero.
BSN, OTHER_BSN = "123456782", "111222333"


def passage(
    text: str, *, number: int = 1, document: str = "nota", heading: tuple[str, ...] = (), lead_in: str = ""
) -> Passage:
    units = (Unit(0, len(text), lead_in),)
    return Passage(f"{document}:{number:05d}", document, heading, (), text, units, ((number, BOX),))


def found_in(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.masked) for finding in findings([passage(text)])]


@pytest.mark.parametrize(
    "text",
    [
        "BSN 123456782",
        "BSN: 123.456.782",
        "BSN 1234 56 782",
        "BSN 1234.56.782",
        "bsn 123 456 782",
        "BSN123456782",
        "BSN-nummer: 123456782",
        "B.S.N. 123456782",
        "BSN nr. 123456782.",
        "(BSN: 123456782)",
        "BSN's: 123456782",
        "BSN\n123456782",
        "BSN: 1 2 3 4 5 6 7 8 2",
        "BSN: 123\u00a0456\u00a0782",
        "BSN/dossiernummer: 123456782",
        "Burgerservicenummer 123456782",
        "burger service nummer 123456782",
        "sofinummer: 123456782",
        "Sofi-nummer 123456782",
        "Sociaal-fiscaal nummer 123456782",
        "persoonsnummer 123456782",
        "onderwijsnummer 123456782",
        "Het burgerservicenummer van mevrouw De Vries uit Assen is 123456782.",
        "De heer J. Jansen, geboren op 1 mei 1970 te Emmen (123456782), vraagt bijstand aan.",
        "Geboortedatum: 01-05-1970, nummer 123456782",
        "J. de Boer, geb. 01-05-1970, 123456782",
        "123456782, geboren te Hoogeveen",
        "Dossiernummer 2023-118, BSN 123456782",
        "Zaaknummer 88 van de heer Bos, BSN: 123456782, telefoon 0592 36 69 11",
        "Het college besluit aan dhr. P. Smit (BSN 123456782) een uitkering toe te kennen per 1 januari 2024.",
        "Aanvrager: K. Visser\tBSN: 123456782\tbedrag: € 1.250,00",
        "telefoon 0592-366911, BSN 123456782",
        "https://loket.voorbeeld.nl/zaak?bsn=123456782",
        "Identiteitskaart IX123 en nummer 123456782",
    ],
)
def test_privacy_finds_a_bsn_with_context(text: str) -> None:
    assert (Kind.BSN, "12•••••82") in found_in(text)


@pytest.mark.parametrize(
    "text", ["BSN 49055057", "BSN: 49.055.057", "burgerservicenummer: 49 055 057", "BSN 049055057"]
)
def test_privacy_finds_a_bsn_that_lost_its_leading_zero(text: str) -> None:
    assert found_in(text) == [(Kind.BSN, "04•••••57")]


@pytest.mark.parametrize(
    "text",
    [
        "Het BSN van de aanvrager wordt gecontroleerd.",
        "BSN 123456789",  # fails the eleven-test
        "BSN 000000000",
        "In totaal 123456782 stuks in voorraad",  # no context
        "nummer 123456782",
        "BSN en telefoon: 0612345678",
        "Vul uw BSN in of bel 088 123 45 67.",
        "BSN-vragen? Bel +31 612345671",
        "bsn@assen.nl",
        "BSN niet nodig. KvK 123456782",
        "BSN niet nodig. KvK-nummer: 123456782",
        "BSN van de eenmanszaak niet vermelden; RSIN 123456782",
        "RSIN: 123456782 (geen BSN)",
        "Geen BSN bekend, dossiernummer 123456782",
        "geboren in Assen; zaaknummer: 123456782",
        "geboren in Assen; ons kenmerk 123456782",
        "geboren in Assen; factuurnummer 123456782",
        "geboren in Assen; rekeningnummer 123456782",
        "geboren in Assen; rekening 1234.56.782",
        "geboren in Assen, accountnummer is 123456782",
        "geboren in Assen, cliëntnummer 123456782",
        "geboren in Assen, 123456782 (KvK)",
        "Kosten van het BSN-stelsel: € 123.456.782",
        "Kosten van het BSN: 123.456.782 euro",
        "Beheer BSN 123.456.782 miljoen",
        "Er zijn 123.456.782 inwoners geboren na 2000",
        "BSN (ISBN 90 1234 5678 2)",
        "ISBN 123456782, geboren in 1970",
        "geboren te 52.123456782, 6.123456782",
        "geboren: 6,123456782",
        "geboren; lat: 123456782",
        "geboren; x: 123456782",
        "paspoort NL12 ABCD 1234 5678 23",
        "BSN en BTW-nummer NL123456782B01",
        "geboren: hash a123456782f",
        "geboren: 123456782f4",
        "BSN-voorziening 20240115",
        "geboren 12345678",  # eight digits need the word BSN
        "BSN en nummer 12345678",
        "Wet BSN, Stb. 2007 123",
        "geboren 405 123 456 782 300",
        "https://www.voorbeeld.nl/123456782 geboren",
        "BSN " + "lang " * 20 + "123456782",
    ],
)
def test_privacy_leaves_other_numbers_alone(text: str) -> None:
    assert [kind for kind, _ in found_in(text) if kind is Kind.BSN] == []


GOVERNMENT = [
    "Artikel 6. Het college gebruikt bij de uitvoering van deze verordening het burgerservicenummer, bedoeld in"
    " artikel 1, onderdeel b, van de Wet algemene bepalingen burgerservicenummer (Stb. 2007, 288; BWBR0022428).",
    "Besluitenlijst 29 juni 2015, zaaknummer 201506291, kenmerk Z.123456782: de raad stelt het bestemmingsplan vast.",
    "Het aantal inwoners dat buiten Drenthe is geboren steeg van 123.456 in 2010 naar 182.782 in 2020.",
    "Postbus 30435, 2500 GK Den Haag, T 070 373 83 93, IBAN NL91 ABNA 0417 1643 01, KvK 27268703, BSN niet vermelden.",
    "Kamerstukken II 2005/06, 30 312, nr. 3; ECLI:NL:RVS:2019:1234; PbEU 2016, L 119, over het bsn.",
    "Totaal 2024\t1.100.000\t405.400.250\t123.456.782\tBegroting en jaarrekening van de gemeente",
]


@pytest.mark.parametrize("text", GOVERNMENT)
def test_privacy_leaves_government_prose_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("digits", "passes"),
    [
        (BSN, True),
        (OTHER_BSN, True),
        ("249566758", True),
        ("123456789", False),
        ("111222334", False),
        ("12345678", False),
    ],
)
def test_privacy_eleven_test(digits: str, passes: bool) -> None:
    assert passes_eleven_test(digits) is passes


def test_privacy_one_in_eleven_numbers_passes_by_chance() -> None:
    # exact: how many of the 10^9 numbers have each remainder, one digit at a time
    ways = {0: 1}
    for weight in (9, 8, 7, 6, 5, 4, 3, 2, -1):
        following: dict[int, int] = {}
        for rest, count in ways.items():
            for digit in range(10):
                key = (rest + digit * weight) % 11
                following[key] = following.get(key, 0) + count
        ways = following
    assert ways[0] / 10**9 == pytest.approx(0.0909, abs=0.0001)
    draw = random.Random(11)
    passed = sum(passes_eleven_test(f"{draw.randrange(10**9):09d}") for _ in range(20_000))
    assert passed / 20_000 == pytest.approx(ways[0] / 10**9, abs=0.01)


def test_privacy_random_numbers_without_context_are_never_found() -> None:
    draw = random.Random(12)
    text = " en ".join(f"{draw.randrange(10**9):09d}" for _ in range(2_000))
    assert found_in(text) == []


def test_privacy_context_stands_in_heading_lead_in_and_the_passage_before() -> None:
    assert findings([passage("Jansen\t123456782", heading=("Register", "BSN"))])
    assert findings([passage("Jansen\t123456782", lead_in="Naam en burgerservicenummer:")])
    assert not findings([passage("Jansen\t123456782", heading=("BSN", "Register"))])
    split = [passage("Zijn BSN is:"), passage("123456782", number=2)]
    assert [finding.page for finding in findings(split)] == [2]
    assert not findings([split[0], passage("123456782", number=2, document="andere")])


def test_privacy_looks_in_headings_and_lead_ins_once() -> None:
    below = [passage("Tekst.", number=number, heading=(f"Besluit BSN {BSN}",)) for number in (1, 2)]
    assert findings(below) == [Finding(Kind.BSN, "nota:00001", 1, "12•••••82")]
    assert findings([passage("Jansen", lead_in=f"Naam: Jansen · BSN: {BSN} · Bedrag: 500")])


def test_privacy_says_each_value_once_a_passage_and_keeps_the_order() -> None:
    text = f"BSN {BSN}, BSN {OTHER_BSN} en nogmaals BSN 123.456.782"
    assert found_in(text) == [(Kind.BSN, "12•••••82"), (Kind.BSN, "11•••••33")]


def test_privacy_never_shows_a_value() -> None:
    text = f"BSN {BSN}, j.jansen@assen.nl, 06-12345678, NL91 ABNA 0417 1643 00"
    found = findings([passage(text)])
    said = repr([dataclasses.astuple(one) for one in found]) + warning_of(found) + quarantine_reason("a.pdf", found)
    assert len(found) == 4
    for secret in (BSN, "345678", "jansen", "ABNA", "0417"):
        assert secret not in said


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("j.jansen@assen.nl", "j…@assen.nl"),
        ("Inge.Nieuwenhuizen@hoogeveen.nl", "I…@hoogeveen.nl"),
        ("pdevries@drenthe.nl", "p…@drenthe.nl"),
        ("jan@gmail.com", "j…@gmail.com"),
        ("k-smit_2@minvws.nl", "k…@minvws.nl"),
    ],
)
def test_privacy_warns_of_the_addresses_of_persons(address: str, masked: str) -> None:
    assert found_in(f"Mail naar {address}.") == [(Kind.EMAIL, masked)]


@pytest.mark.parametrize(
    "address",
    "info@assen.nl gemeente@emmen.nl postbus@drenthe.nl contact@cardan.com aiverordening@minbzk.nl realisatie@vng.nl "
    "privacy-ciorijk@minbzk.nl SSCICTAI@minbzk.nl no-reply@assen.nl team.wmo@assen.nl bestuurssecretariaat@vdg.nl "
    "omgevingsvergunningen@emmen.nl vdg@vdg.nl vdg@vdg-drenthe.nl gezondemarke@gezondemarke.nl griffie@coevorden.nl "
    "fg@ggddrenthe.nl j.jansen@voorbeeld.nl jan@example.com coördinatiepunt@drenthe.nl".split(),
)
def test_privacy_leaves_role_addresses_alone(address: str) -> None:
    assert found_in(f"Mail naar {address} of bel.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Bel 06-12345678",
        "Mobiel: 06 12 34 56 78",
        "M 0612345678",
        "+31 6 12345678",
        "0031612345678",
        "+31 (0)6 12 34 56 78",
        "telefoonnummer 06 1234 5678.",
        "Kamer 12, 06-12345678",
    ],
)
def test_privacy_warns_of_mobile_numbers(text: str) -> None:
    assert found_in(text) == [(Kind.PHONE, "06••••••78")]


@pytest.mark.parametrize(
    "text",
    [
        "de heer Jansen, 0592-366911",
        "mw. I. van der Veen (0592) 36 69 11",
        "J. de Vries, tel. 0592 366911",
        "Contactpersoon: Inge Nieuwenhuizen, bereikbaar op 0592 - 366911",
        "Inge Nieuwenhuizen, telefoon 0592 366911",
        "T 0592 366911 (dhr. Bos)",
        "drs. Bakker +31 (0)592 36 69 11",
    ],
)
def test_privacy_warns_of_a_landline_near_a_name(text: str) -> None:
    assert found_in(text) == [(Kind.PHONE, "05••••••11")]


@pytest.mark.parametrize(
    "text",
    [
        "Gemeente Assen, telefoon 0592 366911",
        "Bezoekadres: J.P. Coenstraat 12, T 0592 366911",
        "Provincie Drenthe, Postbus 122, 9400 AC Assen, T (0592) 36 55 55",
        "Enexis Netbeheer B.V. Groningen 0592 366911",
        "Bel 0800 1234 567 of 0900-1234567 met de heer Bos",
        "Bel 14 0592",
        "06-12-2023 12:30 uur",
        "06 12 2023 1234",
        "zaaknummer 0612345678",
        "https://loket.assen.nl/0612345678",
        "Alle 06-nummers in 2023",
        "0 612 345 678 901 234",
        "2020-0612345678",
    ],
)
def test_privacy_leaves_public_numbers_alone(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("IBAN NL91ABNA0417164300", "NL••••••••••••••00"),
        ("NL91 ABNA 0417 1643 00 ten name van A. Bos", "NL••••••••••••••00"),
        ("NL91.ABNA.0417.1643.00", "NL••••••••••••••00"),
        ("BE68 5390 0754 7034", "BE••••••••••••34"),
        ("DE89 3704 0044 0532 0130 00", "DE••••••••••••••••••00"),
    ],
)
def test_privacy_warns_of_a_valid_iban(text: str, masked: str) -> None:
    assert found_in(text) == [(Kind.IBAN, masked)]


@pytest.mark.parametrize(
    "text", ["NL92ABNA0417164300", "NL91ABNA041716430", "XNL91ABNA0417164300", "XX91 ABNA 0417 1643 00"]
)
def test_privacy_leaves_what_is_no_iban_alone(text: str) -> None:
    assert found_in(text) == []


def test_privacy_quarantine_ends_with_a_release() -> None:
    bsn, mail = findings([passage(f"BSN {BSN}")]), findings([passage("j.jansen@assen.nl")])
    assert is_quarantined(bsn, released=False)
    assert not is_quarantined(bsn, released=True)
    assert not is_quarantined(mail, released=False)
    assert not is_quarantined([], released=False)


@pytest.mark.parametrize(
    ("field", "released"),
    [
        ("vrijgegeven", True),
        (" Vrijgegeven door A. Bos, 3 december 2026: voorbeeldnummers", True),
        ("", False),
        ("nee", False),
        ("niet vrijgegeven", False),
        ("vrijgegevens", False),
    ],
)
def test_privacy_reads_the_registers_release(field: str, released: bool) -> None:
    assert is_released(field) is released


def test_privacy_says_what_was_found() -> None:
    pages = [passage("j.jansen@assen.nl, 06-12345678", number=2), passage("j.jansen@assen.nl", number=7)]
    assert warning_of(findings(pages)) == (
        "Mogelijk persoonsgegevens: 1 × e-mailadres (pagina 2, 7), 1 × telefoonnummer (pagina 2). "
        "Controleer of dit openbaar mag zijn."
    )
    assert warning_of([]) == ""
    reason = quarantine_reason("besluit.pdf", findings([passage(f"BSN {BSN}", number=3)]))
    assert "besluit.pdf" in reason
    assert "12•••••82 op pagina 3" in reason
    assert 'persoonsgegevens = "vrijgegeven' in reason


def test_privacy_looks_at_what_stands_on_pages_but_in_no_passage() -> None:
    lines = (Line(f"BSN {BSN}", BOX, 10), Line("Voet:", BOX, 8), Line(f"BSN {OTHER_BSN}", BOX, 8))
    document = Document(Source("nota", "Nota"), "nota.pdf", "1", (Page(4, "4", 100, 100, lines),), ())
    found = findings_of(document, [passage(f"BSN {BSN}", number=4)])
    assert found == [Finding(Kind.BSN, "nota:00004", 4, "12•••••82"), Finding(Kind.BSN, "", 4, "11•••••33")]


@pytest.mark.parametrize(
    "piece", ["a", "1", "1 ", "a.", "06 ", "A. ", "BSN ", "NL91 ", "a@", "nr ", "(", "Jan van de "]
)
def test_privacy_takes_no_long_time_on_odd_text(piece: str) -> None:
    began = time.perf_counter()
    findings([passage(piece * (20_000 // len(piece)) + " 1 @")])
    assert time.perf_counter() - began < 2.0
