"""Which documents a question names: by their title, their publisher or their year.

'Wat zegt het coalitieakkoord over wonen?' · 'volgens de provincie' · 'jaarverslag 2024' · 'in 2024'

A word says which document is meant by how few documents bear it: rarity is counted over documents, not passages. Where
there is one document there is nothing to choose, and nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.dutch import Analyser
from index.fusion import Scores, idf
from index.query import Query
from index.results import DocumentInfo

# What a passage gains whose document the question introduces by name ('volgens het coalitieakkoord'), in standard
# deviations of meaning. 160 questions on 17 documents, MRR@10: 0: 0.673, 0.5 to 2: 0.677, 3: 0.677; these documents are
# so unlike each other that most questions find theirs anyhow.
INTRODUCED_GAIN = 1.5
# The same where the words of a title stand in the question and nothing introduces them: it may be about these words.
# No question of those 160 has such a title, so this is a choice: a third of what an introduction gives.
TITLE_GAIN = 0.5
# The same for a document of the year that is named: a year is as often what the question is about.
YEAR_GAIN = 0.25
# What a word that only names the document weighs. The same questions, MRR@10 and ROC-AUC of confidence: 0: 0.6765 and
# 0.707, 0.5: 0.6771 and 0.712, 1: 0.6739 and 0.712.
NAME_WEIGHT = 0.5
# The share of a title's rarity that must stand in the question for it to be named.
TITLE_SHARE = 0.6
# A word introduces a document if no more than this share of the documents bear it.
_RARE_SHARE = 0.25

# What introduces the name of a document or of who published it; the name itself stands in the next few words.
_INTRODUCES = re.compile(
    r"\b(?:volgens|conform|blijkens|luidens"
    r"|(?:zegt|zeggen|schrijft|schrijven|vindt|vinden|meldt|melden|stelt|noemt|vermeldt)"
    r"|staat\b[^.?!]{0,25}\bin|lees\b[^.?!]{0,25}\bin)\s+(?P<name>(?:(?:de|het|een|dit|deze|onze|die|dat)\s+)?"
    r"[\w&’'-]+(?:\s+[\w&’'-]+){0,4})",
    re.IGNORECASE,
)
# 'het rapport van de provincie': who published it.
_PUBLISHED_BY = re.compile(
    r"\b\w*(?:rapport|visie|plan|agenda|advies|onderzoek|notitie|brief|nota|verslag|document|stuk|publicatie)\w{0,3}\s+"
    r"van\s+(?P<name>(?:(?:de|het)\s+)?[\w&’'-]+(?:\s+[\w&’'-]+){0,2})",
    re.IGNORECASE,
)
# The name ends where the question goes on: 'volgens de provincie | over wonen', 'het akkoord | voor de zorg'.
_GOES_ON = re.compile(r"\s(?:over|voor|aan|bij|met|om|dat|die|is|zijn|wordt|worden|moet|moeten|mag|kan|gaat)\b", re.I)
# A compound with one of these as its last part is the name of a kind of document by itself: 'coalitieakkoord', not
# 'akkoord'; it needs no introduction.
_KINDS = re.compile(
    r"\w{4,}(?:akkoord|verslag|visie|agenda|programma|rapportage|rapport|verordening|begroting|rekening|strategie"
    r"|notitie|nota|lijst|handreiking|statuut|document|monitor|manifest|convenant|evaluatie|onderzoek|plan)$"
)
# Numbers, years and the signs that join a name's words are no words of it: 'Verkiezingsprogramma-2025'.
_NUMBERS = re.compile(r"\d[\d_.-]{3,}|[_-]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class DocumentNames:
    """The names of all documents of one version, by their words."""

    def __init__(self, documents: Sequence[DocumentInfo], analyser: Analyser) -> None:
        self._analyser = analyser
        self._count = len(documents)
        self._titles = {one.id: self._terms(one.title) for one in documents}
        self._years = {one.id: frozenset(_YEAR.findall(f"{one.title} {one.date}")) for one in documents}
        self._by_year: dict[str, list[str]] = {}
        for document, years in self._years.items():
            for year in years:
                self._by_year.setdefault(year, []).append(document)
        self._bearers: dict[str, set[str]] = {}
        self._titled_so: dict[str, list[str]] = {}
        for one in documents:
            for term in self._titles[one.id] | self._terms(one.publisher):
                self._bearers.setdefault(term, set()).add(one.id)
            for term in self._titles[one.id]:
                self._titled_so.setdefault(term, []).append(one.id)
        self._rarities = {term: idf(self._count, len(bearers)) for term, bearers in self._bearers.items()}
        self._whole = {document: sum(map(self._rarity, title)) for document, title in self._titles.items()}

    def named(self, query: Query) -> Query:
        """The query with the documents that it names; their passages need not hold the words that only name them.

        A question that has no other words keeps these as they are.
        """
        if self._count < 2:
            return query
        years = set(_YEAR.findall(query.text))
        introduced = self._introduced(query)
        best = self._of_year(self._best(introduced), years)
        if best:
            words = {term for term in introduced if self._bearers_of(introduced[term]) & best}
            words |= years.intersection(*(self._years[document] for document in best))
            named = replace(query, named=tuple(sorted(best)), documents=dict.fromkeys(best, INTRODUCED_GAIN))
            return _lighter(named, words)
        titled = self._of_year(self._titled(_flat(_meant(query).values())), years)
        if titled:
            return replace(query, named=tuple(sorted(titled)), documents=dict.fromkeys(titled, TITLE_GAIN))
        of_year = list(dict.fromkeys(document for year in sorted(years) for document in self._by_year.get(year, ())))
        return replace(query, documents=dict.fromkeys(of_year, YEAR_GAIN) if len(of_year) < self._count else {})

    def gains(self, query: Query, ids: Sequence[str], owners: NDArray[np.int64]) -> Scores:
        """(n,) what each passage gains because the query names its document: `owners` has its number among `ids`."""
        gains = np.array([query.documents.get(document, 0.0) for document in ids])
        return gains[owners] if len(gains) else np.zeros(0)

    def _introduced(self, query: Query) -> dict[str, set[str]]:
        """The typed words that name a document, each with all terms that stand for it."""
        names = [found["name"] for pattern in (_INTRODUCES, _PUBLISHED_BY) for found in pattern.finditer(query.text)]
        terms = {token.term for name in names for token in self._analyser.tokens(_GOES_ON.split(name)[0])}
        return {term: meant for term, meant in _meant(query).items() if term in terms or _KINDS.fullmatch(term)}

    def _best(self, introduced: Mapping[str, set[str]]) -> set[str]:
        """The documents that bear most of the rarity of these words; none if only common words stand in their names."""
        scores: dict[str, float] = {}
        for meant in introduced.values():
            for document in self._bearers_of(meant):
                rarest = max(self._rarity(term) for term in meant if document in self._bearers.get(term, ()))
                scores[document] = scores.get(document, 0.0) + rarest
        best = max(scores.values(), default=0.0)
        enough = idf(self._count, max(1, int(self._count * _RARE_SHARE)))
        return {document for document, score in scores.items() if score > 0.99 * best and best >= enough}

    def _titled(self, terms: set[str]) -> set[str]:
        """The documents of whose title's rarity most stands in the question."""
        shares: dict[str, float] = {}
        for document in {document for term in terms for document in self._titled_so.get(term, ())}:
            whole = self._whole[document]
            own = sum(map(self._rarity, self._titles[document] & terms))
            if whole and own / whole >= TITLE_SHARE:
                shares[document] = own
        best = max(shares.values(), default=0.0)
        return {document for document, own in shares.items() if own > 0.99 * best}

    def _of_year(self, documents: set[str], years: set[str]) -> set[str]:
        """Of documents with the same name those of the year that is named, if there are any: 'jaarverslag 2024'."""
        return {document for document in documents if self._years[document] & years} or documents

    def _bearers_of(self, terms: Iterable[str]) -> set[str]:
        return {document for term in terms for document in self._bearers.get(term, ())}

    def _rarity(self, term: str) -> float:
        return self._rarities[term] if term in self._rarities else idf(self._count, 0)

    def _terms(self, name: str) -> frozenset[str]:
        """The terms of a name without its numbers and years, which most questions leave out."""
        return frozenset(token.term for token in self._analyser.tokens(_NUMBERS.sub(" ", name)))


def _meant(query: Query) -> dict[str, set[str]]:
    """The typed words, each with all terms that stand for it: its compound's parts and what means the same."""
    return {term: {term, *parts, *_flat(query.synonyms.get(term, ()))} for term, parts in query.typed}


def _lighter(query: Query, names: set[str]) -> Query:
    """The query in which these words weigh less, and no passage is asked to hold them."""
    typed = tuple((term, parts) for term, parts in query.typed if term not in names)
    if not typed:
        return query
    whole = {term for term, _ in typed}.union(query.added, *(parts for _, parts in typed))
    weights = {term: weight * (1.0 if term in whole else NAME_WEIGHT) for term, weight in query.weights.items()}
    return replace(query, typed=typed, weights=weights)


def _flat(expressions: Iterable[Iterable[str]]) -> set[str]:
    return {term for expression in expressions for term in expression}
