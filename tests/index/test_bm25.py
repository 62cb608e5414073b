from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from index.bm25 import Corpus, Counted, bm25
from index.words import Alternatives, PassageWords, Words, write_words

PASSAGES = [
    PassageWords(*(part.split() for part in parts))
    for parts in (
        ("zorg in drenthe zorg", "plan zorg", "de zorg in drenthe", "plan"),
        ("wonen", "plan", "integraal zorgakkoord", "plan"),
        ("iza " + "en verder " * 40, "", "iza en verder", ""),
        ("zorg " * 9, "visie wonen", "integraal zorgakkoord wonen", "integraal zorgakkoord"),
        ("sport " * 70 + "zorg", "visie " * 3, "sport zorg", "visie"),
    )
]
IZA = Alternatives(("iza",), ("zorg",), (("integraal", "zorgakkoord"),), 0.8)


def counted(terms: Sequence[str], phrases: Sequence[tuple[str, ...]] = ()) -> tuple[Counted, Corpus]:
    """The passages as a server would send them."""
    fields = [(one.text, one.context, one.written, one.written_context) for one in PASSAGES]
    lengths = np.array([[len(words) for words in one] for one in fields])
    counts = {term: np.array([[list(words).count(term) for words in one[:2]] for one in fields]) for term in terms}
    stands = {
        phrase: np.array([[f" {' '.join(phrase)} " in f" {' '.join(words)} " for words in one[2:]] for one in fields])
        for phrase in phrases
    }
    found = [Counter(word for one in fields for word in set(one[place])) for place in range(4)]
    words = {*terms, *(word for phrase in phrases for word in phrase)}
    frequencies = {word: [by_field[word] for by_field in found] for word in words}
    return Counted(lengths, counts, stands), Corpus(len(PASSAGES), lengths.sum(axis=0).tolist(), frequencies)


@pytest.fixture(scope="module")
def tantivy(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("woorden") / "words"
    write_words(folder, PASSAGES)
    return Words(folder)


@pytest.mark.parametrize(
    ("weights", "alternatives"),
    [
        ({"zorg": 1.0}, ()),
        ({"zorg": 1.0, "wonen": 0.5, "visie": 0.8}, ()),
        ({"verder": 1.0, "plan": 1.0, "nergens": 1.0}, ()),
        ({"iza": 1.0, "zorg": 0.8}, (IZA,)),
        ({"iza": 1.0, "zorg": 0.8, "sport": 1.0}, (IZA,)),
    ],
)
def test_bm25_scores_as_tantivy_does(
    tantivy: Words, weights: Mapping[str, float], alternatives: Sequence[Alternatives]
) -> None:
    phrases = [phrase for same in alternatives for phrase in same.phrases]
    found = dict(tantivy.search(weights, len(PASSAGES), alternatives))
    scores = bm25(weights, alternatives, *counted(list(weights), phrases))
    np.testing.assert_allclose(scores, [found.get(row, 0.0) for row in range(len(PASSAGES))], rtol=1e-5)


def test_bm25_of_no_passages_or_no_words_is_nothing() -> None:
    nothing = Counted(np.zeros((0, 4), dtype=np.int64), {"zorg": np.zeros((0, 2), dtype=np.int64)}, {})
    assert len(bm25({"zorg": 1.0}, (), nothing, Corpus(0, [0] * 4, {"zorg": [0] * 4}))) == 0
    assert bm25({}, (), *counted([])).tolist() == [0.0] * len(PASSAGES)
