"""Personal data in what was read: citizen service numbers (BSN) put a document in quarantine, the rest is a warning.

A BSN is nine digits (123456782, 123.456.782, 1234 56 782, each digit apart in the boxes of a form; eight only right
after the word BSN, its leading zero dropped) that pass the eleven-test *and* stand near words that speak of a person's
number or birth. Of all nine-digit numbers 1 in 11 (9.09 %) pass the test by chance, so the test alone proves nothing.
Not counted: numbers that are said to be something else ('zaaknummer', 'RSIN', 'KvK'), parts of telephone numbers,
IBANs, ISBNs and web addresses, and amounts.

No value leaves this module in full: a finding carries it masked ('12•••••82', 'j…@gemeente.nl').

Limits, which the bureau should know:
- Missed: a BSN without a word like BSN or 'geboren' within 60 characters, its heading, its column or the line before
  it; in a picture or a scan that was not read; with a misread digit; in the name of a file; written in words; inside
  the old VAT number of a sole trader (NL123456782B01); a V-number or A-number (other lengths, no eleven-test).
- Found without need: test numbers (999990019 and the like look as any other); another number that nothing names,
  beside a BSN's words, 1 time in 11.
- An e-mail address counts as a person's unless its first part names a role or the organisation itself; one written as
  'j.jansen [at] gemeente.nl' is missed. A landline counts near a person's name only; names are told by titles,
  initials and place, not from a list. Whether an IBAN is a person's or an organisation's cannot be told: each is named.
- A release by the register holds for the source, also when its content changes later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.documents import Document, Passage
from ingest.folding import fold


class Kind(StrEnum):
    """What sort of personal data. The words are the ones that users see."""

    BSN = "burgerservicenummer"
    EMAIL = "e-mailadres"
    PHONE = "telefoonnummer"
    IBAN = "IBAN"


@dataclass(frozen=True, slots=True)
class Finding:
    """One value in one passage. `page` is the physical page, from 1, on which the passage begins; `masked` never tells
    the value. `passage_id` is '' for what stands on a page, but in no passage (a foot, a table of contents).
    """

    kind: Kind
    passage_id: str
    page: int
    masked: str


# How far the words may stand from the number that they speak of, in characters: about a line of print.
CONTEXT = 60


def findings(passages: Iterable[Passage]) -> list[Finding]:
    """All findings in these passages, their headings and their introducing lines, in reading order.

    Passages are expected in reading order: words at the end of one speak for the number that opens the next. A value
    is reported once a passage; one in a heading once, at the first passage below it.
    """
    found: list[Finding] = []
    seen: set[tuple[str, str]] = set()  # (document, words above): a heading stands above many passages
    before: Passage | None = None
    for passage in passages:
        lead_ins = dict.fromkeys(unit.lead_in for unit in passage.units)
        above = dict.fromkeys([*passage.heading_path, *lead_ins])
        fresh = [words for words in above if words and (passage.document_id, words) not in seen]
        seen.update((passage.document_id, words) for words in fresh)
        goes_on = before is not None and before.document_id == passage.document_id
        goes_on = goes_on and before is not None and before.heading_path == passage.heading_path
        lead = before.text[-CONTEXT:] + "\n" if before is not None and goes_on else ""
        near = " ".join([*passage.heading_path[-1:], *lead_ins])
        values = dict.fromkeys(_values(lead + passage.text, skip=len(lead), above=near))
        values.update(dict.fromkeys(value for words in fresh for value in _values(words)))
        page = passage.pages[0] if passage.pages else 1
        found += [Finding(kind, passage.passage_id, page, _masked(kind, value)) for kind, value in values]
        before = passage
    return found


def findings_of(document: Document, passages: Sequence[Passage]) -> list[Finding]:
    """The findings in a document's passages, and those that stand on its pages but in none of the passages.

    Pages are shown to readers with all their words, so a number in a foot or a table of contents counts too.
    """
    found = findings(passages)
    known = {(finding.kind, finding.masked) for finding in found}
    for page in document.pages:
        fresh = [(kind, _masked(kind, value)) for kind, value in dict.fromkeys(_values(page.text))]
        found += [Finding(kind, "", page.number, masked) for kind, masked in fresh if (kind, masked) not in known]
        known.update(fresh)
    return found


def is_quarantined(findings: Iterable[Finding], released: bool) -> bool:
    """Whether a document may not be searched: it holds a BSN, and the register does not release it."""
    return not released and any(finding.kind is Kind.BSN for finding in findings)


def is_released(field: str) -> bool:
    """What the register's `persoonsgegevens` says: 'vrijgegeven', then who, when and why as free text.

    'vrijgegeven door A. Bos, 3-12-2026: voorbeeldnummers' → True; '', 'nee', 'niet vrijgegeven' → False
    """
    return bool(re.match(r"vrijgegeven\b", field.strip(), re.IGNORECASE))


def quarantine_reason(file: str, findings: Iterable[Finding]) -> str:
    """The ledger's sentence for a document in quarantine: what, where, and what to do."""
    places = dict.fromkeys(f"{item.masked} op pagina {item.page}" for item in findings if item.kind is Kind.BSN)
    shown = ", ".join(list(places)[:5]) + (", …" if len(places) > 5 else "")
    return (
        f"In {file} staat mogelijk een burgerservicenummer ({shown}). Het document is daarom niet doorzoekbaar. "
        "Haal het nummer weg. Mag het toch openbaar zijn? Geef het dan vrij in Beheer, of zet in het register: "
        'persoonsgegevens = "vrijgegeven door …, datum".'
    )


def warning_of(findings: Iterable[Finding]) -> str:
    """The ledger's warning for all findings; '' if there are none.

    → 'Mogelijk persoonsgegevens: 2 × e-mailadres (pagina 3, 7), 1 × IBAN (pagina 3). Controleer of …'
    """
    values: dict[Kind, dict[str, None]] = {}
    pages: dict[Kind, set[int]] = {}
    for item in findings:
        values.setdefault(item.kind, {})[item.masked] = None
        pages.setdefault(item.kind, set()).add(item.page)
    if not values:
        return ""
    parts = []
    for kind in Kind:
        if kind in values:
            numbers = [str(page) for page in sorted(pages[kind])]
            shown = ", ".join(numbers[:8]) + (", …" if len(numbers) > 8 else "")
            parts.append(f"{len(values[kind])} × {kind.value} (pagina {shown})")
    return f"Mogelijk persoonsgegevens: {', '.join(parts)}. Controleer of dit openbaar mag zijn."


def passes_eleven_test(digits: str) -> bool:
    """Whether nine digits can be a BSN: weights 9, 8, … 2 and -1 add up to a multiple of eleven.

    '123456782' → True, '123456789' → False, '000000000' → False: what forms have for 'none'
    """
    if len(digits) != 9 or len(set(digits)) == 1:
        return False
    return (
        sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
    )


# ── Values in a text ─────────────────────────────────────────────────────────────────────────────────────────────

# Spaces and hyphens that typesetters use, each one sign for one sign, so that places stay the same.
_PLAIN = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "‑": "-", "‐": "-", "–": "-"})


def _values(raw: str, skip: int = 0, above: str = "") -> Iterator[tuple[Kind, str]]:
    """(kind, value in its bare form) of what stands in `raw` from `skip` on; `above` are the words that head it."""
    text = raw.translate(_PLAIN)
    if not any(char.isdigit() or char == "@" for char in text[skip:]):
        return
    blocked = [found.span() for found in _NO_NUMBER.finditer(text)]
    for start, end, digits in _bsns(text, above, blocked):
        if start >= skip:
            blocked.append((start, end))
            yield Kind.BSN, digits
    for found in _EMAIL.finditer(text, skip):
        if _is_persons(found["name"], found["domain"]):
            yield Kind.EMAIL, found.group()
    not_called = [found.span() for pattern in (_LINK, _IBAN) for found in pattern.finditer(text)]
    for found in _PHONE.finditer(text, skip):
        if _is_persons_phone(text, found) and not _overlaps(found.span(), not_called):
            yield Kind.PHONE, _national(found)
    for found in _IBAN.finditer(text, skip):
        value = re.sub(r"[ .]", "", found.group())
        if int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1:
            yield Kind.IBAN, value


def _masked(kind: Kind, value: str) -> str:
    """The value as it may be shown: '123456782' → '12•••••82', 'j.bos@assen.nl' → 'j…@assen.nl'."""
    if kind is Kind.EMAIL:
        return f"{value[0]}…@{value.rpartition('@')[2]}"
    return value[:2] + "•" * (len(value) - 4) + value[-2:]


def _overlaps(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and span[1] > start for start, end in others)


# ── BSN ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Looked for at every place (the lookahead takes nothing), since '12 123 456 782' holds two candidates.
_CANDIDATE = re.compile(
    r"""(?<!\d)(?<!\d[.,-])(?=(
        \d{9} | \d{3}([ .-])\d{3}\2\d{3} | \d{4}([ .-])\d{2}\3\d{3} | \d(?:[ ]\d){8}  # nine
        | \d{8} | \d{2}([ .])\d{3}\4\d{3}  # eight
    )(?![.,-]?\d|[A-Za-z]\d))""",
    re.VERBOSE,
)
_BSN_WORD = r"""(?:bsn | b\.s\.n\.? | burger[ -]?service[ -]?(?:nummer|nr) | sofi[ -]?(?:nummer|nr)
    | sociaal[ -]fiscaal[ -]?(?:nummer|nr) | persoons(?:gebonden[ ])?-?(?:nummer|nr) | persoonlijk[ ]nummer
    | onderwijs(?:nummer|nr) | citizen[ ]service[ ]number)(?:[ -]?(?:nummer|nr)|['’]?s)?"""
# What says that a number is of another sort; any compound that ends in -nummer, -nr, -kenmerk or -code does.
_OTHER_WORD = r"""(?:tel | telefoon\w* | mobiel\w* | fax\w* | kvk | k\.v\.k | kamer\ van\ koophandel | rsin
    | fiscaal[ ]nummer | btw\w* | iban | bic | rekening\w* | bankrekening\w* | giro\w* | account\w* | dossier\w*
    | zaak\w*
    | kenmerk | referentie\w* | ref | factu\w+ | order\w* | polis\w* | klant\w* | isbn | issn | doi | kamerstuk\w* | stb
    | stcrt | coördina\w+ | co[oö]rdinaten | lat | lon | latitude | longitude | rd | [xy](?=[ ]?[:=]) | object\w*
    | perceel\w* | [^\W\d_]{2,}-?(?:nummer|nr|kenmerk|code)s?)"""
_LABEL = re.compile(rf"(?<![^\W\d_])(?:(?P<bsn>{_BSN_WORD})|(?P<other>{_OTHER_WORD}))(?![^\W\d_])", re.I | re.X)
# What may stand between a label and its number: 'BSN (nr.): 123…', 'het dossiernummer is 123…'.
_BETWEEN = re.compile(r"(?:[\s:.=#()\[\]/\"'-]|(?:nr|nummer|no|is|was|luidt|met|onder|van)\b){0,24}", re.I)
_COUPLED = re.compile(r"\s*(?:/|,|\ben\b|\bof\b|\ben/of\b)\s*", re.I)
_NEAR = re.compile(
    rf"(?<![^\W\d_])(?:{_BSN_WORD} | geboren | geboorte(?:datum|plaats|jaar|akte) | geb\. | overleden"
    r" | nationaliteit | paspoort\w* | identiteits(?:kaart|bewijs)\w* | id-(?:kaart|bewijs))(?![^\W\d_])",
    re.I | re.X,
)
_ABOVE = re.compile(rf"(?<![^\W\d_]){_BSN_WORD}(?![^\W\d_])", re.I | re.X)
_MONEY_BEFORE = re.compile(r"(?:[€$£]|\beuro?)\s*$", re.I)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:[€%]|,-|(?:euro?|mln|mld|miljoen|miljard|m[23²³]|km|kwh|mwh|ton|inwoners|personen|stuks|keer)(?!\w))", re.I
)
_OTHER_AFTER = re.compile(rf"\s*\((?:{_OTHER_WORD})(?![^\W\d_])[^)\d]*\)", re.I | re.X)
_EIGHT_AS_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<![\d.])10\.\d{4,9}/\S+")
# Stretches whose digits are something else: web addresses, DOIs, telephone numbers, IBANs, ISBNs.
_NO_NUMBER = re.compile(
    r"""(?:https?://|www\.)\S+ | (?<![\d.])10\.\d{4,9}/\S+ | \S{1,64}@\S+
    | (?:\+|\b00)31[ -]?(?:\(0\)[ -]?)?\d(?:[ .-]?\d){8} | \+\d{1,3}(?:[ .-]?\d){7,11}
    | (?<!\d)\(?0\d(?:[ ()-]{0,3}\d){8}(?!\d)
    | \b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b
    | \bISBN(?:-1[03])?:?[ ]?[0-9X -]{10,18}""",
    re.VERBOSE,
)


def _bsns(text: str, above: str, blocked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """(start, end, nine digits) of each BSN: 'BSN 1234.56.782' → (4, 15, '123456782')."""
    last = -1
    for found in _CANDIDATE.finditer(text):
        start, end = found.span(1)
        bare = re.sub(r"\D", "", found[1])
        digits = bare.zfill(9)
        if start < last or not passes_eleven_test(digits) or _is_amount(text, start, end):
            continue
        label = _label_before(text, start)
        if label == "other" or (len(bare) == 8 and _EIGHT_AS_DATE.fullmatch(bare)):
            continue
        if label == "bsn" or (len(bare) == 9 and _is_near(text, start, end, found[1], above, blocked)):
            last = end
            yield start, end, digits


def _label_before(text: str, start: int) -> str:
    """What the words right before a number say that it is: 'bsn', 'other' or ''.

    'BSN: ' → 'bsn', 'zaaknummer ' → 'other', 'BSN/zaaknummer: ' → 'bsn', 'BSN van de heer Bos ' → ''
    """
    window = text[max(0, start - CONTEXT) : start]
    labels = list(_LABEL.finditer(window))
    if not labels or not _BETWEEN.fullmatch(window, labels[-1].end()):
        return ""
    if labels[-1]["bsn"] or len(labels) < 2:
        return labels[-1].lastgroup or ""
    coupled = labels[-2]["bsn"] and _COUPLED.fullmatch(window, labels[-2].end(), labels[-1].start())
    return "bsn" if coupled else "other"


def _is_near(text: str, start: int, end: int, written: str, above: str, blocked: Sequence[tuple[int, int]]) -> bool:
    """Whether a number without a label of its own is a BSN by the words around it."""
    if text[start - 1 : start].isalpha() or _overlaps((start, end), blocked) or _OTHER_AFTER.match(text, end):
        return False
    # figures in a row ('405 400 250 300') are a table's, not one number
    if " " in written and (re.search(r"\d $", text[:start][-2:]) or re.match(r" -?\d", text[end:][:3])):
        return False
    around = text[max(0, start - CONTEXT) : start] + "\n" + text[end : end + CONTEXT]
    return bool(_NEAR.search(around) or _ABOVE.search(above))


def _is_amount(text: str, start: int, end: int) -> bool:
    return bool(_MONEY_BEFORE.search(text[max(0, start - 8) : start]) or _AMOUNT_AFTER.match(text, end))


# ── E-mail, telephone, IBAN ──────────────────────────────────────────────────────────────────────────────────────

# The lookbehind keeps a long run of letters from being tried from each of its places.
_EMAIL = re.compile(
    r"(?<![\w.+%-])(?P<name>[A-Za-z0-9][\w.+%-]*)@(?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
)
# Roles that stand alone between dots or hyphens ('info', 'fg'), and stems that also stand inside a word
# ('omgevingsvergunningen', 'bestuurssecretariaat'): what Dutch public bodies call their mailboxes, and those in the
# shared documents. A role that is missing costs one warning too many.
_ROLES = frozenset(
    """
    abuse admin afdeling ai algemeen avg balie bestuur bezwaar bibob burgemeester burgerzaken cert ciso club college
    data digitaal directie fg geo hr ict info inkoop jeugd kcc loket mail media nieuws office pers po post privacy raad
    receptie redactie ruimte security sport stage studio support team vth welkom wethouder wmo wob woo zorg sociaal
    werk bureau programma project wonen energie klimaat cultuur onderwijs realisatie
    """.split()
)
_ROLE_STEMS = re.compile(
    "aanmeld|administrat|advies|archief|belasting|beleid|communicatie|contact|commissie|congres|coordinat|crediteur"
    "|debiteur|dienst|economi|evenement|factu|financi|gegevens|gemeente|griffie|handhav|helpdesk|informati|inschrijv|klacht"
    "|klant|kwaliteit|meldpunt|melding|nieuwsbrief|noreply|omgeving|ondersteun|openbaar|overheid|parkeren|participatie"
    "|personeel|postbus|postmaster|provincie|publiek|recht|regio|registratie|reserver|samenwerk|secretari|service|sollicit"
    "|stichting|subsid|toegankelijk|toezicht|vacature|veiligheid|vereniging|verordening|vergunning|verkiezing|voorlichting"
    "|vragen|waterschap|webmaster|webredactie|website|welzijn|werkgroep|woordvoer"
)
_NO_REAL_DOMAIN = re.compile(r"(?:^|\.)(?:example|voorbeeld|test|localhost)\.[a-z]+$")


def _is_persons(name: str, domain: str) -> bool:
    """Whether an address is a person's: 'j.jansen@assen.nl' → True; 'info@…', 'vdg@vdg.nl', 'team-wmo@…' → False."""
    folded, place = fold(name), fold(domain)
    parts = [part for part in re.split(r"[\W\d_]+", folded) if part]
    whole, organisation = "".join(parts), re.sub(r"[\W\d_]", "", place.rpartition(".")[0])
    if not parts or _NO_REAL_DOMAIN.search(place) or whole == "noreply":
        return False
    if (len(whole) > 2 and organisation.startswith(whole)) or _ROLE_STEMS.search(folded):
        return False
    if name.isupper() and len(name) > 2:
        return False  # 'SSCICT': an abbreviation
    return not any(part in _ROLES for part in parts)


# '06-12345678', '+31 6 12 34 56 78', '(0592) 36 69 11', '+31 (0)592 366911', '088-1234567'; not 0800 and 0900.
_PHONE = re.compile(
    r"(?<![\d+.,/-])(?:(?:\+|00)31[ -]?(?:\(0\)[ -]?)?|\(?0)"
    r"(?P<rest>(?=[1-7]|8[58])\d(?:[ .()-]{0,3}\d){8})(?!\d|[.,-]\d)"
)
_DATE = re.compile(r"\(?\d\d?[ .-]\d\d?[ .-](?:19|20)\d\d")
_INSERT = r"(?:(?:van|de|der|den|ten|ter|te|in|op|'t|’t)\ ){0,3}"
_FIRST_LAST = rf"[A-Z][a-zà-ÿ]+\ {_INSERT}[A-Z][a-zà-ÿ]{{2,}}"
_TITLE = r"(?:de\ heer|[Mm]evrouw|[Dd]hr\.|[Mm]w\.|[Mm]evr\.|[Dd]rs\.|[Mm]r\.|[Ii]r\.|[Ii]ng\.|[Dd]r\.)"
_PERSON = re.compile(
    rf"""\b{_TITLE}\ (?:[A-Z]\.\ ?)*{_INSERT}[A-Z][a-zà-ÿ]+
    | (?<![\w.])(?![BN]\.\ ?V\.)(?:[A-Z]\.\ ?){{1,4}}{_INSERT}[A-Z][a-zà-ÿ]{{2,}}
    | \b(?:[Cc]ontactpersoon|[Cc]ontact\ met|[Bb]el(?:len)?\ met|[Ii]nlichtingen|[Ii]nformatie|bij|via)\W{{1,3}}
      (?P<named>{_FIRST_LAST})""",
    re.VERBOSE,
)
_PERSON_RIGHT_BEFORE = re.compile(rf"(?P<named>{_FIRST_LAST})[\s,:;(|-]*(?:(?:[Tt]el(?:efoon)?|T)\b[\s.:]*)?$")
_STREET = re.compile(r"[a-z](?:straat|weg|laan|plein|kade|singel|dijk|gracht|steeg|dreef|plantsoen|markt)\b")
# What also begins with two capitals, but is an organisation or a place.
_NO_FIRST_NAME = frozenset(
    """
    afdeling autoriteit bezoekadres bureau college de den dienst drents drentse een europese gemeente het hoge klant
    koninklijke ministerie nationaal nationale nieuw nieuwe noord oost openbaar platform post postbus programma
    provincie raad regio rijksdienst sint stichting team tweede eerste van vereniging waterschap west zuid centrum
    locatie
    """.split()
)


def _is_persons_phone(text: str, found: re.Match[str]) -> bool:
    """A mobile number always; a landline if a person's name stands near; not what only looks like a number to call."""
    if _DATE.match(text, found.start()) or _label_before_phone(text, found.start()):
        return False
    if found["rest"][0] == "6":
        return True
    before, after = text[max(0, found.start() - CONTEXT) : found.start()], text[found.end() : found.end() + 30]
    names = [*_PERSON.finditer(before), *_PERSON.finditer(after), *_PERSON_RIGHT_BEFORE.finditer(before)]
    return any(_is_name(name) for name in names)


def _label_before_phone(text: str, start: int) -> bool:
    """Whether a number is said to be of a sort that is not called: 'zaaknummer 0612345678'."""
    window = text[max(0, start - CONTEXT) : start]
    labels = list(_LABEL.finditer(window))
    if not labels or not _BETWEEN.fullmatch(window, labels[-1].end()):
        return False
    return not re.match(r"tel|mobiel|fax|\w*(?:foon|mobiel)", labels[-1].group(), re.I)


def _is_name(found: re.Match[str]) -> bool:
    named = found.groupdict().get("named") or ""
    return not _STREET.search(found.group()) and fold(named).partition(" ")[0] not in _NO_FIRST_NAME


def _national(found: re.Match[str]) -> str:
    """'+31 (0)6 12 34 56 78' → '0612345678'."""
    return "0" + re.sub(r"\D", "", found["rest"])


# Lengths by country, as in the IBAN registry: the neighbours and where most transfers go.
_IBANS = "NL18 BE16 DE22 FR27 GB22 LU20 ES24 IT27 AT20 CH21 PL28 PT25 IE22 DK18 SE24 NO15 FI18 CZ24"
_IBAN = re.compile(
    "(?<![A-Za-z0-9])(?:"
    + "|".join(rf"{one[:2]}\d\d(?:[ .]?[A-Z0-9]){{{int(one[2:]) - 4}}}" for one in _IBANS.split())
    + ")(?![A-Za-z0-9])"
)
