"""Names of people in Dutch text: what one looks like, what only looks like one, and when two names are one person's.

Precision goes before recall: a name that is missed can still be found by searching, but a street or a programme on
the list of people makes the whole list doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from index.dutch import MONTHS
from ingest.folding import fold

# Words before a surname. Dutch ones from the list of prefixes of the civil registry (BRP, tabel 36), the frequent part.
PARTICLES = frozenset("van der den de ten ter te het 't ’t op in aan bij vd v.d. la le du von el al dos da di".split())
# Titles and ways to address someone: read over, no part of the name.
_TITLE = (
    r"(?:(?:[Pp]rof|[Dd]rs?|[Mm]r|[Ii]r|[Ii]ng|[Jj]hr|[Dd]s|[Dd]hr|[Mm]w|[Mm]evr|[Bb]c|[Bb]a)\.\s*"
    r"|[Dd]e [Hh]eer\s+|[Mm]evrouw\s+|[Mm]eneer\s+)"
)
_PARTICLE = (
    r"(?:[Vv]an|[Dd]er|[Dd]en|[Dd]e|[Tt]en|[Tt]er|[Tt]e|[Hh]et|['’]t"
    r"|op|in|aan|bij|vd|v\.d\.|la|le|du|[Vv]on|[Ee]l|[Aa]l|dos|da|di)"
)
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞŠŽŁĆČ", "a-zß-öø-ÿšžłćčğışęąńőű"
_CAPITAL = rf"[{_UPPER}][{_LOWER}'’]+(?:[{_UPPER}][{_LOWER}]+)?(?:-[{_UPPER}][{_LOWER}]+)*(?!\w)"
# No more than eight: a row of capitals with dots, as a damaged scan has, would cost seconds.
_INITIALS = r"(?:(?:[A-Z]|Th|Ch|Ph|IJ|Tj|Sj|Fr)\.\s?){1,8}"
_FIRST = rf"(?!(?:Van|De|Den|Der|Ten|Ter|Te|Het|Von)\s){_CAPITAL}\s+"
_SURNAME = rf"(?:{_PARTICLE}\s+){{0,3}}{_CAPITAL}(?:\s?-\s?(?:{_PARTICLE}\s+){{0,3}}{_CAPITAL})?"
# 'drs. A.B. (Arie) van der Berg-de Vries': titles, given names or initials, perhaps the calling name, the surname.
FULL_NAME = (
    rf"{_TITLE}*(?:{_INITIALS}\s?(?:\([{_UPPER}][{_LOWER}]+\)\s+)?|{_FIRST}(?:(?:{_FIRST}|{_INITIALS}\s?){{0,2}}))"
    rf"{_SURNAME}"
)
# 'De Vries', 'mevrouw Jansen': only where a public role stands right before it.
LONE_SURNAME = rf"{_TITLE}*{_SURNAME}"

# First names that are Dutch words or names of things too, so that what stands in lower case elsewhere says nothing
# of them; by hand, from the hundred most borne names of the Nederlandse Voornamenbank (Meertens Instituut).
FIRST_NAMES = frozenset(
    """
    jan johan johannes hendrik henk piet pieter peter kees cornelis gerrit gert willem wim klaas jaap jacob joop joost
    bert rob robert robin rene marco mark marc erik eric frank frans hans harm harrie bart bas ben tom tim tjeerd tineke
    anna anne anja anita ankie annemarie arjen arie bram carla carolien cora dirk edwin ellen els emma esther evelien
    ferdinand geert gerda gerrie greet guus hanneke harry heleen hilda hugo ine inge ingrid irene jacqueline jeroen
    jos judith karin kirsten koos leo linda lisa liesbeth maria marian marieke marja martijn mieke mirjam monique nico
    paul petra raymond renate renze richard roel ron ruud sander sandra saskia sjoerd sophie stef theo thijs trijntje
    wietze wilma yvonne roos hope ad ger hub mart lies rose floor
    """.split()
)

# Words that open or close the name of a thing and never a person's: bodies, programmes, places, addresses.
NO_NAME = frozenset(
    """
    gemeente gemeenten provincie waterschap waterschappen regio rijk ministerie minister staatssecretaris wethouder
    burgemeester gedeputeerde gedeputeerden staten commissaris raadslid kamerlid kamer eerste tweede raad college
    voorzitter vicevoorzitter secretaris griffier directeur bestuurder lid leden vertegenwoordiger penningmeester
    stuurgroep werkgroep kerngroep coalitie coalities commissie netwerk platform programma portefeuille overleg bestuur
    agenda akkoord visie plan wet manifest pilot project thema domein sociaal sociale fysiek ruimte wonen zorg welzijn
    gezondheid onderwijs cultuur sport energie klimaat milieu economie economische financiën financien financiële
    participatie integratie jeugd veiligheid openbare orde mobiliteit verkeer natuur landbouw water volkshuisvesting
    digitalisering digitale justitie defensie binnenlandse buitenlandse zaken algemene koninkrijksrelaties
    infrastructuur waterstaat volksgezondheid werk inkomen duurzaamheid
    landelijk gebied leefbaarheid arbeidsmarkt toerisme recreatie
    gezonde gelijke kansen mentale vitaal vitale drents drentse drenthe noord zuid oost west noordelijke nieuwe oude
    midden groningen friesland fryslân overijssel gelderland utrecht flevoland brabant limburg zeeland holland nederland
    nederlandse europese europa unie stichting vereniging universiteit hogeschool bureau dienst autoriteit inspectie
    kabinet koning koningin heer mevrouw meneer dames heren postbus adres telefoon datum kenmerk pagina bijlage artikel
    hoofdstuk paragraaf tabel figuur maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    dit deze het een voor naar daarnaast ook als
    wij ik uw ons onze zij hij na bij met door namens aan vacant onbekend nvt cda vvd pvda groenlinks christenunie
    denk volt bbb nsc pvv
    """.split()
).union(MONTHS)
# 'Burgemeester Brokxlaan', 'Wethouder Jansenplein': a street that bears a name is no person.
_STREET = re.compile(
    r"(?:laan|straat|weg|plein|kade|singel|dijk|park|hof|steeg|gracht|pad|plantsoen|brug|school|huis|fonds|prijs)$"
)
# Shorter than this, one letter makes another name: 'Smid' and 'Smit', 'Zwiep' and 'Zwier'.
_SHORTEST_SLIPPED = 7


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as it stands, without titles. `given` has first names or initials ('' with a surname alone).

    'drs. H.M. de Jonge' → PersonName('H.M. de Jonge', 'H.M.', 'de', 'Jonge')
    """

    text: str
    given: str
    particles: str
    surname: str

    @property
    def sort_key(self) -> str:
        """As a Dutch list orders it: 'Kiena ten Brink' → 'brink kiena ten'."""
        return fold(f"{self.surname} {self.given} {self.particles}")

    @property
    def letter(self) -> str:
        """The letter under which it is listed: 'Kiena ten Brink' → 'B'."""
        return fold(self.surname)[:1].upper()

    @property
    def slug(self) -> str:
        """'Kiena ten Brink' → 'kiena-ten-brink'."""
        return "-".join(re.findall(r"[a-z0-9]+", fold(self.text)))

    @property
    def initials(self) -> str:
        """'Anno Wietze' → 'aw', 'H.M.' → 'hm'."""
        return "".join(fold(part)[:1] for part in re.split(r"[.\s]+", self.given) if part)

    @property
    def is_written_out(self) -> bool:
        """Whether a first name is written out: 'Hugo de Jonge', not 'H.M. de Jonge' or 'De Jonge'."""
        return bool(self.given) and "." not in self.given


class NameReader:
    """Reads names; what the corpus writes in lower case ('gezonde', 'gelijke', 'wonen') is no name in it."""

    def __init__(self, common: Collection[str], places: Collection[str]) -> None:
        """`common` has the corpus's folded words that stand in lower case; `places` the folded names of places."""
        self._common = frozenset(common) - FIRST_NAMES
        self._places = frozenset(places)

    def full(self, text: str) -> PersonName | None:
        """The name if this is one with a first name or initials: 'drs. A.B. Jansen' → it; 'Gezonde Marke' → None."""
        name = name_of(text)
        if name is None or not name.given:
            return None
        first = [fold(part) for part in re.split(r"[.\s()]+", name.given) if part]
        last = fold(name.surname)
        if first[0] in PARTICLES or any(one in NO_NAME or one in self._places for one in (*first, last)):
            return None
        if name.is_written_out and first[0] in self._common:
            return None
        # both halves are words: 'Veilig Thuis'; with initials before it 'A. Bakker' is a name all the same
        if name.is_written_out and last in self._common and first[0] not in FIRST_NAMES:
            return None
        return None if _STREET.search(last) and last in self._common else name

    def lone(self, text: str) -> PersonName | None:
        """The surname that follows a role: 'De Vries' → it; 'Wonen', 'Brokxlaan', 'Emmen', 'Inge' → None."""
        name = name_of(text)
        # Dutch writes a particle with a capital where no given name stands before it: 'wethouder Van Dam', but
        # 'wethouder van Emmen'
        if name is None or name.given or not name.text[0].isupper():
            return None
        last = fold(name.surname)
        refused = (
            last in NO_NAME or last in PARTICLES or last in self._places or last in FIRST_NAMES or _STREET.search(last)
        )
        if refused or len(last) < 3 or (last in self._common and not name.particles):
            return None
        return name


@lru_cache(maxsize=65536)
def name_of(text: str) -> PersonName | None:
    """What was matched as a name in its parts: 'mevrouw Van Dam' → PersonName('Van Dam', '', 'van', 'Dam')."""
    words = re.sub(rf"^(?:{_TITLE})+", "", " ".join(text.split())).replace("(", "").replace(")", "")
    words = re.sub(rf"(?<=[A-Z]\.)(?=[{_UPPER}][{_LOWER}])", " ", words)  # 'G.K.Visser'
    found = re.fullmatch(
        rf"(?P<given>(?:{_INITIALS}\s*|{_CAPITAL}\s+)*?)(?P<particles>(?:{_PARTICLE}\s+)*)"
        rf"(?P<surname>{_CAPITAL}(?:\s?-\s?(?:{_PARTICLE}\s+)*{_CAPITAL})?)",
        words,
    )
    if found is None:
        return None
    given, particles = found["given"].strip(), found["particles"].strip().lower()
    return PersonName(words, given, particles, found["surname"])


def mended_particles(text: str) -> str:
    """A particle with one wrong letter made right: 'Renate dan Hollander' → 'Renate den Hollander'.

    Only for lists of nothing but names; in running text 'dan' is a word.
    """
    words = text.split()
    for place in range(1, len(words) - 1):
        word = words[place]
        if word.islower() and len(word) == 3 and word not in PARTICLES:
            near = [one for one in ("den", "der", "van", "ten", "ter") if OSA.distance(word, one) == 1]
            words[place] = near[0] if near else word
    return " ".join(words)


def may_be_one(one: PersonName, other: PersonName) -> bool:
    """Whether two names with first names or initials may be one person's.

    'Hugo de Jonge', 'H.M. de Jonge' → True; 'Jan Smid', 'Jan Smit' → False; 'Inge Nieuwenhuizen',
    'Inge Nieuwenhuisen' → True
    """
    # 'De Boer' and 'Boer' are two families
    if not one.given or not other.given or one.particles != other.particles or not _same_surname(one, other):
        return False
    first, second = fold(one.given), fold(other.given)
    if one.is_written_out and other.is_written_out:
        return first.split()[0] == second.split()[0]
    # initials: the shorter row of letters begins the longer
    short, long = sorted((one.initials, other.initials), key=len)
    return long.startswith(short)


def _same_surname(one: PersonName, other: PersonName) -> bool:
    """The same letters, or one slip in a long surname where the first names are written alike."""
    left, right = _letters(one.surname), _letters(other.surname)
    if left == right:
        return True
    # the surname of birth may be left out: 'Jansen-de Vries' and 'Jansen'
    if left.startswith(right + "-") or right.startswith(left + "-"):
        return fold(one.given) == fold(other.given)
    same_given = fold(one.given) == fold(other.given) and one.is_written_out
    return same_given and min(len(left), len(right)) >= _SHORTEST_SLIPPED and OSA.distance(left, right) == 1


def _letters(surname: str) -> str:
    return re.sub(r"[^a-z-]", "", fold(surname))
