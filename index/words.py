"""Search by words: tantivy with BM25 over tokens that our own Dutch analysis made.

Two fields a passage: `text`, what stands in it, and `context`, what helps to find it (title, headings, the lines that
introduce its bullets). tantivy only splits on white space; all that is Dutch happens in index/dutch.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from index.errors import DamagedVersionError

TEXT, CONTEXT = "text", "context"
# What a word found in the context counts against one found in the text. Handover, MRR@10: 0.25: 0.834, 0.5: 0.838,
# 0.8: 0.847, 1.0: 0.850; the headings of such documents say what their bullets are about.
CONTEXT_BOOST = 1.0
_HEAP = 64_000_000


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=True, indexed=True, fast=True)
    for field in (TEXT, CONTEXT):
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write_words(folder: Path, terms: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
    """Writes the index; `terms` has (terms of the text, terms of the context) a passage, in the passages' order."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for row, (text, context) in enumerate(terms):
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text(TEXT, " ".join(text))
        document.add_text(CONTEXT, " ".join(context))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
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

    def search(self, weights: Mapping[str, float], count: int) -> list[tuple[int, float]]:
        """(row, BM25 score) of the best passages for weighted terms; equal scores in the order of the rows."""
        clauses = []
        for term, weight in weights.items():
            for field, boost in ((TEXT, 1.0), (CONTEXT, CONTEXT_BOOST)):
                query = tantivy.Query.term_query(self._schema, field, term, index_option="freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight * boost)))
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
