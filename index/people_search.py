"""People sought by name, typing faults forgiven, or by subject: one box for both.

A subject finds people through what their facts say: role, body, headings, portefeuille, by the corpus's own analysis.
Where no fact says it, the portefeuilles whose passages do lead to the people who are named there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index.dutch import Analyser, written
from index.people import Fact, Person, people_of
from index.person_names import PARTICLES
from ingest.documents import Passage
from ingest.errors import UnknownPortefeuilleError
from ingest.folding import fold
from ingest.portefeuilles import portefeuille_named

# A part of a name counts from so many letters on: 'nieu' finds Nieuwenhuizen, 'n' would find everyone.
_SHORTEST_PART = 2
# From so many letters on one slip is forgiven, from the second number on two.
_ONE_SLIP, _TWO_SLIPS = 4, 8


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person who was found; `via` has the portefeuilles that led there, where nothing said of the person did."""

    person: Person
    via: tuple[str, ...] = ()


class People:
    """Everyone whom a corpus names in a public role, to look through and to search. Safe in several threads."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.people = people_of(passages)
        self._analyser = Analyser({word for passage in passages for word in written(passage.text)})
        self._names = {person.slug: _name_words(person) for person in self.people}
        self._facts = {person.slug: [self._terms_of(fact) for fact in person.facts] for person in self.people}
        self._passages = [
            (frozenset(self._analyser.terms(" ".join((*one.heading_path, one.text)))), one.portefeuilles)
            for one in passages
            if one.portefeuilles
        ]

    def named(self, slug: str) -> tuple[Person, ...]:
        """The person of an address; several where a later version knows more people of that name, none if it is gone.

        'jan-smit' → (Jan Smit,); or, since there are two now, those with 'jan-smit-emmen' and 'jan-smit-assen'
        """
        exact = tuple(person for person in self.people if person.slug == slug)
        return exact or tuple(person for person in self.people if person.name.slug == slug)

    def namesakes(self, person: Person) -> tuple[Person, ...]:
        """The others of that name: the same person elsewhere, or somebody else; the sources do not say."""
        same = person.name.slug
        return tuple(other for other in self.people if other.name.slug == same and other.slug != person.slug)

    def search(self, typed: str) -> tuple[FoundPerson, ...]:
        """Who fits what was typed, the best first; everyone, by surname, if nothing was.

        'Nieuwenhuisen' → Inge Nieuwenhuizen; 'Gezonde Marke' → who sits in its bodies; 'G&W' → who is named there
        """
        if not typed.strip():
            return tuple(map(FoundPerson, self.people))
        portefeuille = _portefeuille(typed)
        if portefeuille:
            return tuple(FoundPerson(person) for person in self.people if portefeuille in person.portefeuilles)
        words = [word for word in written(typed) if word not in PARTICLES] or written(typed)
        scored = [(score, person) for person in self.people if (score := self._score(person, typed, words))]
        # a typing fault is forgiven only where nobody is called so
        best = max((score for score, _ in scored), default=0.0)
        direct = [(score, person) for score, person in scored if score >= 1 or best < 1]
        if direct:
            direct.sort(key=lambda one: (-one[0], one[1].name.sort_key))
            return tuple(FoundPerson(person) for _, person in direct)
        return self._through_portefeuilles(typed)

    def _score(self, person: Person, typed: str, words: Sequence[str]) -> float:
        """3: the name as typed; 2: one fact says it all; 1: name and facts do together; below 1: with slips; 0: not."""
        names, facts = self._names[person.slug], self._facts[person.slug]
        by_name = [max((_likeness(word, name) for name in names), default=0.0) for word in words]
        if words and all(score == 1 for score in by_name):
            return 3.0
        terms = set(self._analyser.terms(typed))
        if terms and any(terms <= fact for fact in facts):
            return 2.0
        everything = frozenset().union(*facts)
        both = [
            max(score, float(bool(own := set(self._analyser.terms(word))) and own <= everything))
            for score, word in zip(by_name, words, strict=True)
        ]
        return min(both, default=0.0)

    def _through_portefeuilles(self, typed: str) -> tuple[FoundPerson, ...]:
        """'afval' → who is named in the portefeuilles whose passages speak of it, most passages first."""
        terms = set(self._analyser.terms(typed))
        counts: Counter[str] = Counter()
        for said, portefeuilles in self._passages:
            if terms and terms <= said:
                counts.update(portefeuilles)
        found = [
            (max(counts[name] for name in via), FoundPerson(person, via))
            for person in self.people
            if (via := tuple(name for name, _ in counts.most_common() if name in person.portefeuilles))
        ]
        return tuple(one for _, one in sorted(found, key=lambda one: (-one[0], one[1].person.name.sort_key)))

    def _terms_of(self, fact: Fact) -> frozenset[str]:
        said = (fact.role, fact.place, fact.at, fact.under, *fact.heading_path, *fact.portefeuilles)
        return frozenset(self._analyser.terms(" ".join(said)))


def _name_words(person: Person) -> frozenset[str]:
    """The folded words of a name in all its spellings: 'Kiena ten Brink' → kiena, ten, brink."""
    return frozenset(word for name in (person.name.text, *person.also) for word in written(name))


def _likeness(word: str, name: str) -> float:
    """1 if a word is (the beginning of) a name's word, between 0.5 and 1 with slips, else 0.

    ('nieu', 'nieuwenhuizen') → 1.0, ('nieuwenhuisen', 'nieuwenhuizen') → 0.9…, ('smit', 'zwiep') → 0.0
    """
    if word == name or (len(word) >= _SHORTEST_PART and name.startswith(word)):
        return 1.0
    # part of a double name or of a long one: 'huizen'
    if len(word) >= 2 * _SHORTEST_PART and word in name:
        return 1.0
    slips = 0 if len(word) < _ONE_SLIP else 1 if len(word) < _TWO_SLIPS else 2
    distance = OSA.distance(word, name, score_cutoff=slips)
    return 1 - 0.1 * distance if slips and distance <= slips else 0.0


def _portefeuille(typed: str) -> str | None:
    """'G&W' and 'portefeuille Sport' → the full name; anything else → None."""
    try:
        return portefeuille_named(re.sub(r"^portefeuille\s+", "", fold(typed)).strip())
    except UnknownPortefeuilleError:
        return None
