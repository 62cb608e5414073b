"""Dutch analysis for words: text → tokens that match however the word was written, bent or compounded.

Each token has a kind of match: the word itself (its lemma), or a part of the compound that it is. Documents and
queries go through the same analysis, which is therefore part of what the index manifest identifies.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from ingest.folding import fold

# A word: letters and digits with what may stand inside it: '2025-2028', '28,2', 'e-mail', 'thema’s', 'G&W', '12+1+4'.
# Dashes of every kind join as the hyphen does: '2025–2028' is '2025-2028'.
_WORD = re.compile(r"\w+(?:[’'&.,+/‐‑–−-]\w+)*", re.UNICODE)
# A word as it is written, whatever joins it to the next: 'VNG-cie' is two, and so is 'VNG cie'.
_WRITTEN = re.compile(r"[^\W_]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑–−", "-"))
# Words that say nothing about what is sought: articles, pronouns, auxiliaries, prepositions, and the words with which
# people ask. From spaCy's Dutch list (MIT) and simplemma's most frequent forms, those that occur in the questions of
# the public set in more than one in fifty; checked by hand for words that do carry meaning in government ('gemeente').
STOP_WORDS = frozenset(
    """
    hoelang hoezo vanwaar waarheen waartoe waaruit wiens
    aan af al alle alles als ander andere anders ben bent bij binnen daar daarbij daarmee daarom daarvan dan dat de
    deze die dit doe doen doet door dus een eens elk elke en er erg ergens erop ervan even gaan gaat geen geeft
    geven gebeurt gedaan gehad ging graag haar had hadden heb hebben hebt heeft heel hen het hier hij hoe hoeveel
    hun iemand iets ik in ineens is ja jij je jou jouw jullie kan kon konden krijg krijgt krijgen kun kunnen kunt
    laat laten maar mag me mee meer men met mij mijn mogen moet moeten na naar nam namelijk neemt niet niets nog nou
    nu of om omdat ons onze ook op over s sinds soms staat staan te tegen tijdens toch toe tot tussen u uit uw vaak
    van vanaf vanuit vanwege veel via vind vinden voor vooral waar waaraan waarbij waarin waarmee waarom waarop
    waarover waarvan waarvoor wanneer want waren was wat we wel welk welke werd werden wie wij wil willen word
    worden wordt zal ze zei zeggen zegt zelf zich zij zijn zo zoals zonder zou zouden zult zullen gaat lopen loopt
    komt komen
    """.split()
)
# What looks like a word and is no part of a compound: endings ('gemeen+ten', 'bestuur+ders') and particles, which make
# another word of it ('onder+wijs' is not about what is under, 'samen+werking' not about togetherness).
_NO_PARTS = frozenset(
    """
    heid heden lijk lijke sten schap schappen loos loze baar bare ing ingen atie aties iteit achtig ende eren erde
    ster sters tigen teren ende ische isch ten den gen ren sen
    aan achter beneden binnen boven buiten door langs mede mee midden naast neer onder open over rond samen tegen terug
    tussen voor vooruit voort weer
    """.split()
)
# The shortest part of a compound. Shorter ones ('bos', 'zee') split far more words wrongly than rightly.
_SHORTEST_PART = 4
# The longest word that is taken apart. Compounds in government stay under fifty letters; a longer 'word' is a text
# layer without spaces, and trying all its cuts would take minutes.
_LONGEST_COMPOUND = 50
# Capitals throughout are an abbreviation up to this length ('BVOGM', 'GALA'); longer, they are a heading in capitals.
_LONGEST_ABBREVIATION = 5
# 'Drentse' → 'Drents', 'Groningse' → 'Gronings'; not 'expertise', 'analyse'.
_ADJECTIVE_OF_PLACE = re.compile(r"...[bcdfghklmnprt]se$")
# As an alternation, for patterns that look for dates.
MONTHS = tuple("januari februari maart april mei juni juli augustus september oktober november december".split())
MONTH = rf"(?:{'|'.join(MONTHS)})"
# What may stand between the parts of a compound: 'bestaanszekerheid', 'ziekenhuis', 'samenlevingsvorm'.
LINKS = ("", "s", "en", "n", "e")


@dataclass(frozen=True, slots=True)
class Token:
    """A token at its place in the text. `parts` are the parts of the compound that the word is, if it is one."""

    term: str
    parts: tuple[str, ...]
    start: int
    end: int


class Analyser:
    """Analyses text. `vocabulary` holds folded word forms of the corpus: compounds are taken apart into known words."""

    def __init__(self, vocabulary: Collection[str] = ()) -> None:
        self._vocabulary = frozenset(vocabulary)
        self._split = lru_cache(maxsize=65536)(self._split_word)
        self._cut = lru_cache(maxsize=65536)(self._cut_word)

    def tokens(self, text: str) -> Iterator[Token]:
        """Every word of the text that carries meaning, in order."""
        for found in _WORD.finditer(text):
            word = found.group(0).translate(_DASHES)
            if fold(word) in STOP_WORDS and not is_abbreviation(word):
                continue
            yield from self._tokens_of(word, found.start())

    def terms(self, text: str) -> list[str]:
        """What is indexed for a text: each word's lemma, its compound parts, and the pieces of 'G&W' and 'VNG-cie'."""
        terms: list[str] = []
        for token in self.tokens(text):
            terms.append(token.term)
            terms.extend(token.parts)
        return terms

    def spelled(self, text: str) -> list[tuple[str, str]]:
        """Every word as it is written with its lemma, also of words that say nothing; no parts of compounds.

        'de VNG-commissies' → [('de', 'de'), ('VNG', 'vng'), ('commissies', 'commissie')]
        """
        return [(word, self._bent(word)[0]) for word in _WRITTEN.findall(text)]

    def lemmas(self, text: str) -> list[str]:
        """The lemmas of these words: 'de VNG-commissies' → ['de', 'vng', 'commissie']."""
        return [lemma for _, lemma in self.spelled(text)]

    def part_starts(self, word: str) -> list[int]:
        """Where the parts of a folded word begin, but the first: 'schuldhulpverlening' → [6, 10]; no compound → []."""
        cut = self._cut(word) if 2 * _SHORTEST_PART <= len(word) <= _LONGEST_COMPOUND and word.isalpha() else None
        if cut is None:
            return []
        left, right = cut
        place = len(word) - len(right)
        return [*self.part_starts(left), place, *(place + start for start in self.part_starts(right))]

    def _tokens_of(self, word: str, start: int) -> Iterator[Token]:
        end = start + len(word)
        pieces = [piece for piece in re.split(r"[-/+&]", word) if piece]
        if len(pieces) == 1 or not any(char.isalpha() for char in word):
            yield Token(*self._bent(word), start, end)
            return
        # 'VNG-commissie' is found by itself, by 'VNG' and by 'commissie'
        parts: list[str] = []
        for piece in pieces:
            term, compound = self._bent(piece)
            if len(term) > 1 and (fold(piece) not in STOP_WORDS or is_abbreviation(piece)):
                parts += [term, *compound]
        # the last piece bends the whole: 'VNG-commissies' → 'vng-commissie'
        head, bent = fold(word[: word.rindex(pieces[-1])]), self._bent(pieces[-1])[0]
        if len(bent) > len(pieces[-1]):  # a verb, 'mailen', where the plural of a noun stands: 'e-mails'
            bent = fold(pieces[-1]).removesuffix("s")
        yield Token(head + bent, tuple(dict.fromkeys(parts)), start, end)

    def _bent(self, word: str) -> tuple[str, tuple[str, ...]]:
        """Lemma and parts of a word; an abbreviation is not bent: 'DOE' is no form of 'doen'."""
        return (fold(_without_s(word)), ()) if is_abbreviation(word) else self._split(word.lower())

    def _split_word(self, word: str) -> tuple[str, tuple[str, ...]]:
        """The lemma of a word and those of the parts of the compound that it is.

        'woningbouwcorporaties' → ('woningbouwcorporatie', ('woningbouw', 'corporatie', 'woning', 'bouw'))
        """
        term, folded = lemma(word), fold(word)
        if not 2 * _SHORTEST_PART <= len(folded) <= _LONGEST_COMPOUND or not folded.isalpha():
            return term, ()
        cut = self._cut(folded)
        if cut is None:
            return term, ()
        left, right = cut
        if term == folded and not is_dutch(word):
            # The dictionary does not know the compound; its last part bends it: 'portefeuillehouders'
            term = folded.removesuffix(right) + lemma(right)
        parts = dict.fromkeys((*self._lemmas(left), *self._lemmas(right)))
        parts.pop(term, None)
        return term, tuple(parts)

    def _lemmas(self, part: str) -> list[str]:
        """A part's lemma and those of its own parts: 'woningbouw' → ['woningbouw', 'woning', 'bouw']."""
        cut = self._cut(part) if len(part) >= 2 * _SHORTEST_PART else None
        return [lemma(part), *(self._lemmas(cut[0]) + self._lemmas(cut[1]) if cut else [])]

    def _cut_word(self, word: str) -> tuple[str, str] | None:
        """The best cut of a word in two, without the sound that links them; None if it is no compound.

        Words of this corpus go before words of the dictionary, then a cut without a linking sound, then the one with
        the longest last part: 'bestaanszekerheid' → ('bestaan', 'zekerheid').
        """
        best: tuple[tuple[int, int, int], str, str] | None = None
        for place in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            right = word[place:]
            if not self._is_part(right):
                continue
            for link in LINKS:
                if not word[:place].endswith(link):
                    continue
                left = word[: place - len(link)]
                if len(left) >= _SHORTEST_PART and self._is_part(left):
                    known = int(left in self._vocabulary) + int(right in self._vocabulary)
                    rank = (known, -len(link), len(right))
                    if best is None or rank > best[0]:
                        best = (rank, left, right)
                    break
        return (best[1], best[2]) if best else None

    def _is_part(self, word: str) -> bool:
        if word in _NO_PARTS or word in STOP_WORDS:
            return False
        known = word in self._vocabulary or is_dutch(word)
        return known or (len(word) >= 2 * _SHORTEST_PART and self._cut(word) is not None)


def written(text: str) -> list[str]:
    """All words of a text as they are written, letters and digits folded: 'VNG-cie, € 28,2' → vng cie 28 2."""
    return _WRITTEN.findall(fold(text))


def is_abbreviation(word: str) -> bool:
    """Whether a word is written as an abbreviation: 'DOE', 'WvGGZ' → True; 'Doe', a heading's 'GEMEENTEN' → False."""
    letters = _without_s(word)
    capitals = sum(char.isupper() for char in letters)
    return capitals >= 2 and (len(letters) <= _LONGEST_ABBREVIATION or capitals < len(letters))


def _without_s(word: str) -> str:
    """'VDG’s' → 'VDG', "THEMA'S" → 'THEMA'."""
    return re.sub(r"[’'][sS]?$", "", word)


@lru_cache(maxsize=65536)
def lemma(word: str) -> str:
    """The form under which a word is indexed: 'Gemeenten' → 'gemeente', 'coördinator' → 'coordinator'."""
    lower = _without_s(word.lower())
    if not lower.isalpha():
        return fold(lower).strip(".,")
    found = str(simplemma.lemmatize(lower, lang="nl")).lower()
    if "_" in found:
        # the list has oddities: 'gemeenteraadsverkiezingen' → 'gemeente_raad_verkiezing'
        last = found.rsplit("_", 1)[-1]
        found = lower[: lower.rindex(last)] + last if last in lower else lower
    elif found.endswith("ster") and lower.rstrip("s").endswith("er"):
        # 'vertegenwoordigers' → 'vertegenwoordigster'
        found = lower.removesuffix("s") if lower.endswith("ers") else lower
    elif not found.isalpha():
        found = lower
    if found == lower and _ADJECTIVE_OF_PLACE.search(lower):
        found = lower[:-1]
    return fold(found)


@lru_cache(maxsize=65536)
def is_dutch(word: str) -> bool:
    """Whether Dutch knows the word: a lemma list has 'Gemeenten', 'gemeente'."""
    return bool(simplemma.is_known(word.lower(), lang="nl"))
