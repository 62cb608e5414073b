"""Public roles in Dutch: which words name one, for which body it is held, and which bodies are public.

Decided so: some roles are public by themselves, since the law knows them (wethouder, gedeputeerde, Kamerlid, griffier).
Others (voorzitter, lid, vertegenwoordiger, directeur) are public only where a public body stands with them: a person
who chairs an association, or wrote a report, is private. Civil servants who are named as a contact or as an adviser
have none of these roles; whoever is called 'ambtelijk' is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ingest.folding import fold

# The twelve members of the VDG, as they write themselves.
MUNICIPALITIES = (
    "Aa en Hunze",
    "Assen",
    "Borger-Odoorn",
    "Coevorden",
    "De Wolden",
    "Emmen",
    "Hoogeveen",
    "Meppel",
    "Midden-Drenthe",
    "Noordenveld",
    "Tynaarlo",
    "Westerveld",
)
# Names of municipalities with 'en' in them: elsewhere 'en' parts two names. From the list of municipalities of CBS.
_WITH_EN = "Aa en Hunze|Berg en Dal|Gilze en Rijen|Kaag en Braassem|Peel en Maas|Mook en Middelaar"
_PLACE_WORD = r"[A-ZÀ-Þ][a-zß-ÿ'’]+(?:-[A-Z]?[a-zß-ÿ]+)*"
PLACE = (
    rf"(?:{_WITH_EN}|(?:[Dd]e |[Hh]et |Den |['’]s-)?{_PLACE_WORD}(?: (?:aan|op|bij)(?: de[nr]?| het)? {_PLACE_WORD}"
    rf"| {_PLACE_WORD})?)"
)

_BEFORE = (
    r"(?:(?:voormalig|oud|gewezen|waarnemend|demissionair|plaatsvervangend|plv\.|tijdelijk|eerste|huidig|nieuwe?)[ -])?"
)
_BY_LAW = (
    r"(?:loco-?)?burgemeester|wethouder|gedeputeerde|minister-president|minister|staatssecretaris"
    r"|commissaris van de [Kk]oning(?:in)?|dijkgraaf|heemraad|(?:burger)?raadslid"
    r"|(?:(?:Tweede|Eerste)[ -])?[Kk]amerlid|[Ss]tatenlid|gemeentesecretaris|(?:raads|[Ss]taten)?griffier"
    r"|fractievoorzitter|raadsvoorzitter|collegelid|portefeuillehouder|bestuurlijk opdrachtgever"
    r"|Eurocommissaris|Europarlementariër"
)
_WITH_BODY = (
    r"(?:vice-?|onder)?voorzitter|(?:algemeen )?secretaris(?:-penningmeester|-directeur)?|penningmeester"
    r"|(?:bestuurs|commissie)?lid|vertegenwoordig(?:er|ing)|waarnemer|(?:bestuurlijk )?trekker|bestuurder|directeur"
)
# 'voormalig voorzitter', 'Wethouder', 'gemeentelijk bestuurlijk trekker'; never a part of another word.
ROLE = rf"(?<![\w-])(?i:{_BEFORE}(?:gemeentelijk )?(?:{_BY_LAW}|{_WITH_BODY}))(?![\w-])"
_IS_BY_LAW = re.compile(rf"(?:{_BEFORE}(?:{_BY_LAW}))", re.IGNORECASE)
_MUNICIPAL = re.compile(
    r"burgemeester|wethouder|raadslid|gemeentesecretaris|griffier|collegelid|fractievoorzitter|portefeuillehouder", re.I
)
_FORMER = re.compile(r"voormalig|oud-|gewezen|ex-", re.I)
# What makes words the name of a public body; with the start of a word where the rest could be part of another.
_PUBLIC = re.compile(
    r"gemeente|provinci|waterschap|\bcolleges? |commissie|\bcie\b|raad\b|raden\b|bestuur|overleg|stuurgroep|kerngroep"
    r"|kopgroep|coalitie|werkgroep|netwerk|\bkring |portefeuille|\bvng|\bvdg|\bipo\b|ministerie|veiligheidsregio|\bggd"
    r"|\bregio|kamer\b|fractie|tafel\b|alliantie|dienst\b|autoriteit|inspectie|agentschap|taskforce|\bres\b"
    r"|gemeenschappelijke regeling|vereniging van .{0,20}gemeenten"
)
# Associations, firms and churches; and the councils in which citizens, clients, parents or staff speak for themselves.
_PRIVATE = re.compile(
    r"(?:bewoner|cliënt|client|patiënt|patient|ouder|dorp|wijk|buurt|kerk|student|jongeren|jeugd|kinder|leerling|huurder"
    r"|medezeggenschap|ondernemer|burger|inwoner|senioren|adviseurs|klankbord)\w*-?"
    r"(?:raad|raden|commissie|overleg|bestuur|platform|netwerk|tafel|panel|groep)"
    r"|vereniging(?!en)(?! van .{0,20}gemeenten)|\bclub\b|comité|belangen"
    r"|\b[bn]\.?v\.?\b|stichting|universiteit|hogeschool|ziekenhuis|\bumc\b|\bbank\b|coöperatie|cooperatie|school"
    r"|raad van (?:bestuur|toezicht|commissarissen|advies)|ondernemingsraad|\bvve\b|kerk"
)
_NAMED_BODY = re.compile(
    r"(?:(?:(?:bestuurs|commissie)?leden|samenstelling|deelnemers|bezetting)(?: van)? (?:de |het )?)?"
    r"(?P<body>(?:(?:dagelijks|algemeen|bestuurlijk|regionaal|drents)e? )?"
    r"(?:\w*stuurgroep|kerngroep|kopgroep|\w*bestuur|\w*commissie|\w*overleg|coalitie|werkgroep|taskforce|college"
    r"|v[nd]g-\w+)\b.*\w)",
    re.IGNORECASE,
)
# The director of a public body holds a public role, the head of one of its departments or projects does not.
_HAS_DIRECTOR = re.compile(
    r"gemeente|provincie|waterschap|\bvng|\bvdg|\bipo\b|\bggd|veiligheidsregio|autoriteit|omgevingsdienst|inspectie"
)
# Where the name of a body ends in a sentence: 'de vertrouwenscommissie mee dat de raad heeft besloten'.
_SENTENCE_GOES_ON = re.compile(
    r"\s(?:mee|dat|die|is|was|heeft|had|wordt|werd|zal|kan|per|sinds|tot|met|om|aan|voor (?:een|de duur|\w+ jaar)|zegt"
    r"|stelt|geeft|deelt|nam|neemt)\b.*"
)
# Where it says how someone is reached: 'griffier, tel. 0591 12 34 56'.
_CONTACT = re.compile(
    r"[\s,]*(?:\b(?:tel|telefoon|mobiel|e-?mail|mail|bereikbaar|via)\b|\S+@|[+(]*\d[\d\s()-]{7,}).*", re.I
)
_AT = r"^,?\s*(?:(?:van|bij|voor|in|namens|uit)\s+)?(?:(?:de|het)\s+)?"


class At(StrEnum):
    """What a role is held at."""

    MUNICIPALITY = "gemeente"
    ORGANISATION = "organisatie"
    BODY = "orgaan"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A role and where it is held, in the source's words: Held('wethouder', 'Emmen', At.MUNICIPALITY).

    `role` is '' for who is only named as sitting in a body.
    """

    role: str
    place: str
    at: At
    former: bool = False


def held_in(phrase: str, body: str = "", places: frozenset[str] = frozenset()) -> tuple[Held, ...]:
    """The public roles that a phrase names; `body` is the public one that stands around it.

    `places` has the folded names of known municipalities.

    'burgemeester van Assen en voorzitter van de VDG' → burgemeester (Assen), voorzitter (VDG)
    'vertegenwoordiger Drenthe', 'VNG-cie EKEM' → vertegenwoordiger Drenthe (VNG-cie EKEM)
    'voorzitter van voetbalvereniging Alcides' → ()
    """
    found = list(re.finditer(ROLE, phrase))
    held: list[Held] = []
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(phrase)
        if re.search(r"\bambtelijke?\s*$", phrase[: match.start()], re.I):
            continue
        tail = re.sub(r"(?:\s+en|,|\s+nu|;)\s*$", "", phrase[match.end() : end]).strip()
        one = _held(match.group(0).strip(), tail, body, places)
        if one:
            held.append(one)
    return tuple(held)


def _held(role: str, tail: str, body: str, places: frozenset[str]) -> Held | None:
    """One role with what follows it: ('wethouder', 'gemeente Borger-Odoorn') → wethouder (Borger-Odoorn)."""
    former = bool(_FORMER.match(role))
    role = role[0].lower() + role[1:] if not role.startswith(("Tweede", "Eerste", "Euro", "Staten", "Kamer")) else role
    if _IS_BY_LAW.fullmatch(role):
        named = re.search(rf"\bgemeente (?P<place>{PLACE})", tail)
        if not tail and _MUNICIPAL.search(role):  # the line above a signature
            named = re.search(rf"(?:gemeente|wethouders van) (?P<place>{PLACE})", body)
        if named:
            return Held(role, municipality(named["place"]), At.MUNICIPALITY, former)
        other = re.search(rf"\b(?P<org>(?:provincie|waterschap|ministerie van) {PLACE}|fractie {PLACE})", tail)
        if other:
            return Held(role, other["org"], At.ORGANISATION, former)
        bare = re.match(rf"{_AT}(?P<place>{PLACE})", tail)
        if bare and _MUNICIPAL.search(role) and fold(municipality(bare["place"])) in places:
            return Held(role, municipality(bare["place"]), At.MUNICIPALITY, former)
        domain = re.match(r"^(?:van|voor)\s+(?P<domain>[A-Z][\w&]*(?:(?:, | en | & )[A-Z]\w*)*)", tail)
        if domain and role.endswith(("minister", "staatssecretaris")):
            return Held(f"{role} {domain.group(0)}", "", At.NOTHING, former)
        if is_public_body(tail) and not _MUNICIPAL.search(role):
            return Held(role, _bare(tail), At.BODY, former)
        return Held(role, "", At.NOTHING, former)
    director = role.endswith("directeur") or role == "bestuurder"
    # 'voorzitter, gemeente Emmen': the chair of something else, who comes from Emmen
    for words in ("" if tail.startswith(",") else tail, body):
        if ((words is body and body) or is_public_body(words)) and (not director or _HAS_DIRECTOR.search(fold(words))):
            if director and words is body and tail:
                continue  # 'directeur Bedrijfsvoering', under a letter of the municipality: of a department
            # 'vertegenwoordiger Drenthe' in the brackets behind a body: for whom it is held is part of the role
            said = f"{role} {tail}" if words is body and tail[:1].isalpha() and len(tail) < 60 else role
            return Held(said, _bare(words), At.BODY, former)
    return None


def named_body(words: str) -> str:
    """A heading or the line above a list, if it is the name of one public body; else ''.

    'Leden van de stuurgroep Wonen:' → 'stuurgroep Wonen'; 'Bestuur', 'Samenwerking en netwerk' → ''
    """
    found = _NAMED_BODY.fullmatch(words.strip(" :"))
    return found["body"] if found and is_public_body(found["body"]) else ""


def is_public_body(words: str) -> bool:
    """'stuurgroep Noaber' → True; 'Stichting Meerwerf', 'voetbalvereniging Alcides' → False."""
    folded = fold(words)
    return bool(_PUBLIC.search(folded)) and not _PRIVATE.search(folded)


def municipality(written: str) -> str:
    """The name as the municipality writes itself where it is one of the twelve: 'de Wolden' → 'De Wolden'."""
    wanted = _key(written)
    own = next((name for name in MUNICIPALITIES if _key(name) == wanted), "")
    return own or written[0].upper() + written[1:]


def without_rest(phrase: str) -> str:
    """A role without how the sentence goes on: 'lid van de raad die in mei is gekozen' → 'lid van de raad'."""
    return _SENTENCE_GOES_ON.sub("", phrase)


def without_contact(phrase: str) -> str:
    """A role without how its holder is reached: 'griffier, tel. 0591 12 34 56' → 'griffier'."""
    return _CONTACT.sub("", phrase)


def _key(name: str) -> str:
    return fold(name).replace("-", " ")


def _bare(tail: str) -> str:
    """'van de vertrouwenscommissie' → 'vertrouwenscommissie'."""
    return without_rest(re.sub(_AT, "", tail)).strip(" ,")
