"""A corpus of any size, made out of the one that was ingested: what the benchmarks of large indexes search.

    edition = grown(edition_of(data), 1_000_000)     # an Edition, walked through once, document by document

- **Vectors**: each passage is drawn from the real ones and takes the vector of its whole and those of two of its
  sentences, each with noise of its own, even in all directions, as long as the real vectors lie from their nearest
  neighbours on average. So they lie in clusters as real ones do. Within a cluster they do not: there no direction says
  more than another, which is harder on an approximate index than texts of people are.
- **Words**: as many as the real passage has, drawn from it with replacement. So words are as common as they are, and
  what is indexed is what the text shows. No word is new: a real corpus of that size has a larger vocabulary, with
  more words that are rare, and its shortest lists of passages are shorter than here.
- **Documents** of 100 passages on 25 pages, with a title, a kind, a publisher and a year by lot. No lines of pages.
- **Portefeuilles** by lot: COMMON has three passages in ten, each of TENTHS one in ten, RARE one in a thousand, and
  the others none.

The same edition, number and SEED make the same corpus. One document is in memory at a time: a million passages take
some minutes and no more memory than a thousand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dutch import Analyser, written
from index.edition import DocumentContent, Edition, SearchablePassage
from index.passage_words import about_of, words_of
from index.results import DocumentInfo
from index.vectors import WHOLE
from index.words import PassageWords
from ingest.documents import Passage, Unit
from ingest.portefeuilles import PORTEFEUILLES

SEED = 6
PER_DOCUMENT, PER_PAGE = 100, 4
# Of each passage: its whole, and two sentences.
UNITS = (WHOLE, 0, 1)

COMMON, *TENTHS, RARE = PORTEFEUILLES
COMMON_SHARE, TENTH_SHARE, RARE_EVERY = 0.3, 0.1, 1000

KINDS = ("raadsvoorstel", "besluitenlijst", "motie", "jaarverslag", "rapport", "brief")
PUBLISHERS = tuple(
    f"Gemeente {name}"
    for name in (
        *("Aa en Hunze", "Assen", "Borger-Odoorn", "Coevorden", "Emmen", "Hoogeveen", "Meppel", "Midden-Drenthe"),
        *("Noordenveld", "Tynaarlo", "Westerveld", "De Wolden"),
    )
)
YEARS = range(2014, 2026)

_Vectors = NDArray[np.float32]
_Places = NDArray[np.int64]


def grown(edition: Edition, passages: int) -> Edition:
    """The edition with so many passages, made out of its own. Raises ValueError if it has none."""
    real = [one for content in edition.contents for one in content.passages]
    if not real:
        raise ValueError("a corpus cannot be grown out of no passages")
    manifest = replace(
        edition.manifest,
        documents=-(-passages // PER_DOCUMENT),
        passages=passages,
        vectors=len(UNITS) * passages,
    )
    return replace(
        edition,
        name=f"gegroeid-{passages}",
        kept=[f"gegroeid-{passages}"],
        manifest=manifest,
        sources=(),
        contents=_Maker(real, Analyser(edition.vocabulary)).documents(passages),
    )


def maker_of(edition: Edition, passages: int) -> str:
    """A digest of all that decides what `grown` makes: what it is made out of, how, and how much."""
    parts = (edition.manifest.recipe, edition.manifest.model_fingerprint, Path(__file__).read_text("utf-8"), passages)
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it stands in a text, and what is indexed of it."""

    shown: str
    terms: Sequence[str]
    lemmas: Sequence[str]
    written: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Model:
    """A real passage that others are made after; `context` and `written_context` are without document and theme."""

    passage: Passage
    words: Sequence[_Word]
    context: Sequence[str]
    written_context: Sequence[str]
    holds: Sequence[bool]


class _Maker:
    """Makes documents out of real passages."""

    def __init__(self, real: Sequence[SearchablePassage], analyser: Analyser) -> None:
        self._analyser = analyser
        self._models = [_model(one, analyser) for one in real]
        self._themes = {name: _indexed(f"{name} {short}", analyser) for name, short in PORTEFEUILLES.items()}
        self._names = sorted({word.shown for model in self._models for word in model.words if word.shown.isalpha()})
        self._names = [name for name in self._names if len(name) > 7] or ["stuk"]
        self._vectors = np.vstack([one.vectors for one in real]).astype(np.float32)
        counts = np.array([len(one.vectors) for one in real])
        self._firsts, self._sentences = np.cumsum(counts) - counts, counts - 1
        self._noise = _distance(self._vectors) / np.sqrt(self._vectors.shape[1])

    def documents(self, passages: int) -> Iterator[DocumentContent]:
        draw = np.random.default_rng(SEED)
        for first in range(0, passages, PER_DOCUMENT):
            yield self._document(first, min(PER_DOCUMENT, passages - first), draw)

    def _document(self, first: int, count: int, draw: np.random.Generator) -> DocumentContent:
        """The document of which passage number `first` of the corpus is the first of `count`."""
        name = f"stuk-{first // PER_DOCUMENT:05d}"
        kind, publisher, year = str(draw.choice(KINDS)), str(draw.choice(PUBLISHERS)), int(draw.choice(YEARS))
        about_what = " en ".join(draw.choice(self._names, size=2).tolist())
        title = f"{kind.capitalize()} {about_what} {year}"
        about = _indexed(about_of(title, publisher, year), self._analyser)
        models = draw.integers(len(self._models), size=count)
        vectors = self._vectors_after(models, draw)
        themes = _themes(first, count, draw)
        made = [
            self._passage(name, place, models[place], themes[place], about, vectors[place], draw)
            for place in range(count)
        ]
        pages = -(-count // PER_PAGE)
        portefeuilles = tuple(theme for theme in PORTEFEUILLES if theme in themes)
        info = DocumentInfo(
            *(name, title, f"{name}.pdf", publisher, str(year), None, name, pages, pages, count, portefeuilles, kind)
        )
        return DocumentContent(info, (), made)

    def _vectors_after(self, models: _Places, draw: np.random.Generator) -> _Vectors:
        """(n, 3, d) unit length: around the vectors of each model's whole and of two of its sentences."""
        sentences = self._sentences[models, None]
        picked = np.minimum((draw.random((len(models), 2)) * sentences).astype(np.int64) + 1, sentences)
        places = self._firsts[models, None] + np.hstack([np.zeros((len(models), 1), dtype=np.int64), picked])
        made = draw.standard_normal((*places.shape, self._vectors.shape[1]), dtype=np.float32) * self._noise
        made += self._vectors[places]
        made /= np.linalg.norm(made, axis=2, keepdims=True)
        return np.asarray(made, dtype=np.float32)

    def _passage(
        self,
        document_id: str,
        place: int,
        number: int,
        theme: str,
        about: tuple[list[str], list[str]],
        vectors: _Vectors,
        draw: np.random.Generator,
    ) -> SearchablePassage:
        model = self._models[number]
        drawn = [model.words[one] for one in draw.integers(len(model.words), size=max(2, len(model.words))).tolist()]
        half = len(drawn) // 2
        first, second = (" ".join(word.shown for word in some) for some in (drawn[:half], drawn[half:]))
        text, middle = f"{first} {second}", len(first) + 1
        page = 1 + place // PER_PAGE
        passage = Passage(
            passage_id=f"{document_id}:{place:05d}",
            document_id=document_id,
            heading_path=model.passage.heading_path,
            portefeuilles=(theme,) if theme else (),
            text=text,
            units=(Unit(0, middle - 1, page=page), Unit(middle, len(text), page=page)),
            regions=((page, model.passage.regions[0][1]),),
        )
        theme_terms, theme_written = self._themes.get(theme, ([], []))
        words = PassageWords(
            text=list(chain.from_iterable(word.terms for word in drawn)),
            context=[*about[0], *theme_terms, *model.context],
            written=list(chain.from_iterable(word.written for word in drawn)),
            written_context=[*about[1], *theme_written, *model.written_context],
            lemmas=list(dict.fromkeys(chain.from_iterable(word.lemmas for word in drawn))),
        )
        return SearchablePassage(passage, words, UNITS, vectors, model.holds)


def _model(real: SearchablePassage, analyser: Analyser) -> _Model:
    parts = real.passage.text.split() or ["leeg"]
    words = [_Word(part, analyser.terms(part), list(analyser.lemmas(part)), written(part)) for part in parts]
    bare = words_of(replace(real.passage, portefeuilles=()), "", analyser)
    return _Model(real.passage, words, bare.context, bare.written_context, real.holds)


def _indexed(text: str, analyser: Analyser) -> tuple[list[str], list[str]]:
    """A text's terms, and its words as written."""
    return analyser.terms(text), written(text)


def _themes(first: int, count: int, draw: np.random.Generator) -> list[str]:
    """The portefeuille of each passage, '' for none: see the head of this module."""
    shares = [COMMON_SHARE, *(TENTH_SHARE for _ in TENTHS)]
    lots = draw.choice([COMMON, *TENTHS, ""], size=count, p=[*shares, 1 - sum(shares)]).tolist()
    return [RARE if (first + place) % RARE_EVERY == 0 else str(lot) for place, lot in enumerate(lots)]


def _distance(vectors: _Vectors) -> float:
    """How far the vectors (n, d), unit length, lie from their nearest neighbours on average; 0 for a single one."""
    near = vectors @ vectors.T
    np.fill_diagonal(near, -1)
    best = near.max(axis=1).clip(-1, 1)
    return float(np.sqrt(2 - 2 * best).mean()) if len(vectors) > 1 else 0.0
