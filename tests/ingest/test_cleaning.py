from __future__ import annotations

import pytest

from ingest.cleaning import bullet_sign, has_numeral, join_lines, open_ligatures, without_bullet


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        # the typesetter's own hyphen goes
        ("Vereniging van Drentse Gemeen-", "ten (VDG)", "Vereniging van Drentse Gemeenten (VDG)"),
        ("de acht portefeuil-", "lehouders en het bureau", "de acht portefeuillehouders en het bureau"),
        ("Dit overdrachtsdo-", "cument geeft inzicht", "Dit overdrachtsdocument geeft inzicht"),
        ("toolkit ‘slim sa-", "menwerken’", "toolkit ‘slim samenwerken’"),
        ("de Vooruit-", "blik, met", "de Vooruitblik, met"),
        ("in het muse-", "um", "in het museum"),  # 'eu' clashes, but museum is a word
        ("GEMEEN-", "TEN", "GEMEENTEN"),
        # a hyphen that Dutch wants stays
        ("uit de VNG-", "middelen voor", "uit de VNG-middelen voor"),
        ("de sport-", "en beweegaanbieders", "de sport- en beweegaanbieders"),
        ("in-", "of uitstroom", "in- of uitstroom"),
        ("de spoorlijn Groningen-", "Assen", "de spoorlijn Groningen-Assen"),
        ("Midden-", "Drenthe", "Midden-Drenthe"),
        ("Samenwerkingsagenda 2023-", "2027", "Samenwerkingsagenda 2023-2027"),
        ("de secretaris-", "directeur", "de secretaris-directeur"),
        ("een oud-", "wethouder", "een oud-wethouder"),
        ("per e-", "mail", "per e-mail"),
        ("een auto-", "ongeluk", "een auto-ongeluk"),
        ("CO2-", "neutraal", "CO2-neutraal"),
        ("AI-", "SYSTEMEN", "AI-SYSTEMEN"),
        # no hyphen at the line's end: a space
        ("(specialistische)", "(jeugd)zorg", "(specialistische) (jeugd)zorg"),
        ("een schrappend -", "streepje", "een schrappend - streepje"),
        ("gezondheid/", "zorg", "gezondheid/zorg"),
    ],
)
def test_cleaning_closes_line_ends_as_dutch_does(above: str, below: str, joined: str) -> None:
    assert join_lines([above, below])[0] == joined


def test_cleaning_lets_the_documents_own_words_decide() -> None:
    assert join_lines(["de RES-", "regio"])[0] == "de RES-regio"
    assert join_lines(["een kern-", "team"], {"kern-team"})[0] == "een kern-team"
    assert join_lines(["een kern-", "team"], {"kern-team", "kernteam"})[0] == "een kernteam"
    assert join_lines(["een flex-", "zwaai"], {"flex-zwaai"})[0] == "een flex-zwaai"
    assert join_lines(["een flex-", "zwaai"])[0] == "een flexzwaai"


def test_cleaning_tells_where_each_line_begins() -> None:
    lines = ["Vereniging van Drentse Gemeen-", "ten (VDG) en de", "sport-", "en beweegaanbieders"]
    text, starts = join_lines(lines)
    assert [text[start : start + 3] for start in starts] == ["Ver", "ten", "spo", "en "]
    assert starts[0] == 0


def test_cleaning_makes_nothing_of_nothing() -> None:
    assert join_lines([]) == ("", ())


@pytest.mark.parametrize(
    ("line", "sign", "words"),
    [
        ("• Provincie Drenthe", "•", "Provincie Drenthe"),
        ("o Lobby in Den Haag", "o", "Lobby in Den Haag"),
        ("– VNG Noord", "–", "VNG Noord"),
        ("\uf0b7 Zorgkantoor", "\uf0b7", "Zorgkantoor"),  # Wingdings
        ("•", "", "•"),
        ("ook Assen", "", "ook Assen"),
        ("-5 graden", "", "-5 graden"),
        ("1. Jong Leren", "", "1. Jong Leren"),
    ],
)
def test_cleaning_knows_a_bullet(line: str, sign: str, words: str) -> None:
    assert (bullet_sign(line), without_bullet(line)) == (sign, words)


@pytest.mark.parametrize(
    ("line", "numbered"),
    [
        ("2. Jong Leren", True),
        ("(a) de raad", True),
        ("b) het college", True),
        ("2026 is", False),
        ("10.000 euro", False),
    ],
)
def test_cleaning_knows_a_numbered_item(line: str, numbered: bool) -> None:
    assert has_numeral(line) is numbered


def test_cleaning_opens_ligatures_and_nothing_else() -> None:
    assert open_ligatures("ﬁnancieel eﬀect é’½") == "financieel effect é’½"
