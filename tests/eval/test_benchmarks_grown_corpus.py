from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.grown_corpus import COMMON, PER_DOCUMENT, RARE, TENTHS, grown, maker_of
from index.dutch import Analyser
from index.edition import DocumentContent, SearchablePassage, edition_of


def made_of(data: Path, passages: int) -> list[DocumentContent]:
    return list(grown(edition_of(data), passages).contents)


@pytest.fixture(scope="module")
def documents(published: Path) -> list[DocumentContent]:
    return made_of(published, 2050)


@pytest.fixture(scope="module")
def passages(documents: list[DocumentContent]) -> list[SearchablePassage]:
    return [one for content in documents for one in content.passages]


def test_grown_corpus_has_as_many_passages_as_asked(published: Path, passages: list[SearchablePassage]) -> None:
    manifest = grown(edition_of(published), 2050).manifest
    assert len(passages) == manifest.passages == 2050
    assert len({one.passage.passage_id for one in passages}) == 2050
    assert manifest.documents == -(-2050 // PER_DOCUMENT)
    assert manifest.vectors == sum(len(one.vectors) for one in passages) == 3 * 2050


def test_grown_corpus_lies_around_the_real_vectors(published: Path, passages: list[SearchablePassage]) -> None:
    real = np.vstack([one.vectors for content in edition_of(published).contents for one in content.passages])
    made = np.vstack([one.vectors for one in passages])
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, rtol=1e-5)
    near = real @ real.T
    np.fill_diagonal(near, -1)
    away = np.sqrt(2 - 2 * near.max(axis=1)).mean()  # the length of the noise, and 1 that of what it is added to
    assert (made @ real.T).max(axis=1).mean() == pytest.approx(1 / np.sqrt(1 + away**2), abs=0.05)


def test_grown_corpus_indexes_what_its_texts_say(published: Path, passages: list[SearchablePassage]) -> None:
    analyser = Analyser(edition_of(published).vocabulary)
    for one in passages[:50]:
        assert list(one.words.text) == analyser.terms(one.passage.text)
        assert " ".join(one.passage.text[unit.start : unit.end] for unit in one.passage.units) == one.passage.text
        assert len(one.passage.units) == 2


def test_grown_corpus_keeps_words_as_common_as_they_are(published: Path, passages: list[SearchablePassage]) -> None:
    real = Counter(word for content in edition_of(published).contents for one in content.passages
                   for word in one.words.text)  # fmt: skip
    made = Counter(word for one in passages for word in one.words.text)
    word, count = real.most_common(1)[0]
    assert set(made) <= set(real)
    assert made[word] / made.total() == pytest.approx(count / real.total(), rel=0.3)


def test_grown_corpus_has_common_usual_and_rare_portefeuilles(passages: list[SearchablePassage]) -> None:
    shares = Counter(name for one in passages for name in one.passage.portefeuilles)
    assert shares[RARE] == 3
    assert shares[COMMON] / len(passages) == pytest.approx(0.3, abs=0.05)
    assert shares[TENTHS[0]] / len(passages) == pytest.approx(0.1, abs=0.03)
    assert sum(not one.passage.portefeuilles for one in passages) > 0


def test_grown_corpus_gives_every_facet_values(documents: list[DocumentContent]) -> None:
    for field in ("kind", "publisher", "date", "title"):
        values = {getattr(content.info, field) for content in documents}
        assert len(values) > 1
        assert "" not in values


def test_grown_corpus_is_the_same_every_time(published: Path, documents: list[DocumentContent]) -> None:
    again = made_of(published, 2050)
    assert [content.info for content in again] == [content.info for content in documents]
    assert [one.passage for one in again[7].passages] == [one.passage for one in documents[7].passages]
    assert np.array_equal(again[7].passages[3].vectors, documents[7].passages[3].vectors)


def test_grown_corpus_is_told_apart_by_what_makes_it(published: Path) -> None:
    edition = edition_of(published)
    other = replace(edition, manifest=replace(edition.manifest, recipe="een ander recept"))
    assert maker_of(edition, 100) == maker_of(edition_of(published), 100)
    assert len({maker_of(edition, 100), maker_of(edition, 101), maker_of(other, 100)}) == 3


def test_grown_corpus_needs_passages_to_grow_from(published: Path) -> None:
    with pytest.raises(ValueError, match="no passages"):
        grown(replace(edition_of(published), contents=()), 10)
