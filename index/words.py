"""Search by words: tantivy with BM25 over tokens that our own Dutch analysis made.

Two fields a passage are searched for terms: `text`, what stands in it, and `context`, what helps to find it (title,
headings, the lines that introduce its bullets). Both stand there as they are written too, with the place of each word,
for phrases; and `lemmas` has the text's words without the parts of compounds, for leaving passages out. tantivy only
splits on white space; all that is Dutch happens in index/dutch.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tantivy

from index.errors import DamagedVersionError

TEXT, CONTEXT = "text", "context"
WRITTEN, WRITTEN_CONTEXT, LEMMAS = "written", "written_context", "lemmas"
# A word that stands in both fields counts for the better of the two, and for this share of the other: a title that is
# repeated in the text, or stands above each of a page's passages, should not count twice. Words alone, MRR@10 (nDCG@10
# on the public set) when both are added, at 0.3 and at 0: handover 0.695, 0.701, 0.670; 60 more questions 0.672, 0.684,
# 0.690; seventeen real documents 0.577, 0.603, 0.613; public set, passages, 0.572, 0.627, 0.631.
OTHER_FIELD = 0.3
_HEAP = 64_000_000
# Passages that a large version takes of those that hold a phrase with the meaning of a word: the best.
MOST_PHRASES = 5000


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Expressions that mean the same: the terms of the typed one, and the others: single terms, and phrases as written.

    `weight` is that of a phrase; terms have theirs among the weights of the search.
    """

    typed: tuple[str, ...]
    terms: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PassageWords:
    """What is indexed of one passage, each a list of words: see the fields of the same names."""

    text: Sequence[str]
    context: Sequence[str] = ()
    written: Sequence[str] = ()
    written_context: Sequence[str] = ()
    lemmas: Sequence[str] = ()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
    for field in (TEXT, CONTEXT):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    for field in (WRITTEN, WRITTEN_CONTEXT):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(LEMMAS, stored=False, tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def write_words(folder: Path, passages: Iterable[PassageWords]) -> None:
    """Writes the index of passages, in their order."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    try:
        for row, passage in enumerate(passages):
            document = tantivy.Document()
            document.add_unsigned("row", row)
            for field in (TEXT, CONTEXT, WRITTEN, WRITTEN_CONTEXT, LEMMAS):
                document.add_text(field, " ".join(getattr(passage, field)))
            writer.add_document(document)
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()  # else these may still write into a folder that is being cleared away
    for own in folder.glob(".*"):
        own.unlink()  # what the writer kept for itself; a reader needs none of it


class Words:
    """A published index of words, open for searching. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._telling_damage():
            self._index = tantivy.Index.open(str(folder))
            self._index.reload()
            self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, weights: Mapping[str, float], count: int, alternatives: Sequence[Alternatives] = ()
    ) -> list[tuple[int, float]]:
        """(row, BM25 score) of the best passages for weighted terms; equal scores in the order of the rows.

        Of expressions that mean the same a passage gets the score of the best, not of all that it holds.
        """
        clauses = [(tantivy.Occur.Should, query) for query in self._queries(weights, alternatives)]
        if not clauses or not len(self):
            return []
        with self._telling_damage():
            found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=count, count=False)
            hits = [(int(self._searcher.doc(address)["row"][0]), float(score)) for score, address in found.hits]
            if beyond := [row for row, _ in hits if row >= len(self)]:
                raise ValueError(f"row {beyond[0]} of {len(self)}")
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))

    def document_frequency(self, term: str) -> int:
        """In how many passages a term stands, in text or context, whichever is more."""
        with self._telling_damage():
            return max(self._searcher.doc_freq(field, term) for field in (TEXT, CONTEXT))

    def rows_with_phrase(self, words: Sequence[str]) -> list[int]:
        """The passages whose text holds these words as they are written, in this order."""
        return self._rows(self._phrase(WRITTEN, words))

    def phrase_scores(self, words: Sequence[str], weight: float) -> tuple[list[int], list[float]]:
        """The passages that hold a phrase, in text or context, and what it is worth in each; the best if many do."""
        if not len(self):
            return [], []
        with self._telling_damage():
            query = self._alternative(words, weight)
            found = self._searcher.search(query, limit=min(len(self), MOST_PHRASES), count=False)
            return self._rows_at([address for _, address in found.hits]), [float(score) for score, _ in found.hits]

    def rows_with_lemma(self, lemma: str) -> list[int]:
        """The passages whose text holds a form of this word, by itself and not as a part of a compound."""
        return self._rows(tantivy.Query.term_query(self._schema, LEMMAS, lemma, index_option="basic"))

    def _queries(self, weights: Mapping[str, float], alternatives: Sequence[Alternatives]) -> Iterator[tantivy.Query]:
        left = dict(weights)
        for same in alternatives:
            own = [self._term(term, left.pop(term)) for term in same.typed if term in left]
            if not own:
                continue
            others = [self._term(term, left.pop(term)) for term in same.terms if term in left]
            for phrase in same.phrases:
                others.append(self._alternative(phrase, same.weight))
            typed = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in own])
            yield tantivy.Query.disjunction_max_query([typed, *others])
        for term, weight in left.items():
            yield self._term(term, weight)

    def _term(self, term: str, weight: float) -> tantivy.Query:
        in_fields = [
            tantivy.Query.term_query(self._schema, field, term, index_option="freq") for field in (TEXT, CONTEXT)
        ]
        return _best_of(in_fields, weight)

    def _alternative(self, phrase: Sequence[str], weight: float) -> tantivy.Query:
        """A phrase in both fields. tantivy gives it the rarity of all its words together; it counts as one word."""
        in_fields = [self._phrase(field, phrase) for field in (WRITTEN, WRITTEN_CONTEXT)]
        return _best_of(in_fields, weight / len(phrase))

    def _phrase(self, field: str, words: Sequence[str]) -> tantivy.Query:
        if len(words) == 1:
            return tantivy.Query.term_query(self._schema, field, words[0], index_option="freq")
        return tantivy.Query.phrase_query(self._schema, field, list(words))

    def _rows(self, query: tantivy.Query) -> list[int]:
        if not len(self):
            return []
        with self._telling_damage():
            found = self._searcher.search(tantivy.Query.const_score_query(query, 1.0), limit=len(self), count=False)
            return sorted(self._rows_at([address for _, address in found.hits]))

    def _rows_at(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        values = self._searcher.fast_field_values("row", addresses)
        rows = [value for value in values if isinstance(value, int)]
        if len(rows) != len(values) or max(rows, default=-1) >= len(self):
            raise ValueError(f"rows up to {max(rows, default=-1)} of {len(self)}")
        return rows

    @contextmanager
    def _telling_damage(self) -> Iterator[None]:
        """Whatever tantivy meets in a damaged index becomes a DamagedVersionError."""
        try:
            yield
        except (ValueError, LookupError, OSError) as error:
            raise self._damaged(error) from error
        except BaseException as error:
            # tantivy panics on some damage, which pyo3 raises as a BaseException whose class cannot be imported
            if type(error).__name__ != "PanicException":
                raise
            raise self._damaged(error) from error

    def _damaged(self, error: BaseException) -> DamagedVersionError:
        return DamagedVersionError(self._folder.parent, f"de woordenindex is niet te lezen ({error})")


def _best_of(in_fields: Sequence[tantivy.Query], weight: float) -> tantivy.Query:
    """A word or a phrase, looked for in both fields."""
    return tantivy.Query.boost_query(tantivy.Query.disjunction_max_query(list(in_fields), OTHER_FIELD), weight)
