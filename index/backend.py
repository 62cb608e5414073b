"""What a search needs of wherever a version is kept: the files of one folder, or a PostgreSQL server.

The searcher ranks and answers, and is the same for both. A backend brings it a `Field`: the passages in play for one
question, numbered from 0, with what there is to know of each. From files these are all passages; a server that holds
millions sends the best few hundred by words and by meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.begrippen import StoredBegrippen
from index.completing import Spelled
from index.dutch import Analyser
from index.facets import Facets, Filters, Rows
from index.fusion import Scores
from index.query import Query
from index.results import DocumentInfo, SourceStatus
from index.store import StoredPage
from ingest.documents import Passage


@dataclass(frozen=True, slots=True)
class Field:
    """The passages in play for one question, in the order of the corpus; arrays are (n,) over them unless said.

    `keys` are the backend's own names of the passages. `similarities` and `hubs` are (vectors,), `owners` (vectors, 2):
    row and unit of each. `held` is more than 0 for a passage that holds what is sought, `demanded` True for one that
    does what the question demands with signs. `document_ids` has the documents that `documents` numbers.
    `in_context` brings a passage's meaning to standard scores over the whole corpus, the document around it included.
    """

    keys: NDArray[np.int64]
    words: Scores
    similarities: NDArray[np.float32]
    hubs: NDArray[np.float32]
    owners: NDArray[np.int32]
    held: Scores
    demanded: Rows
    documents: NDArray[np.int64]
    document_ids: Sequence[str]
    facets: Facets
    in_context: Callable[[Scores], Scores]


class Pages(Protocol):
    """What a document's own page needs: the documents and their pages."""

    def document(self, document_id: str) -> DocumentInfo:
        """Raises UnknownDocumentError."""

    def page(self, document_id: str, number: int) -> StoredPage:
        """Raises UnknownDocumentError if there is no such document, IndexError if it has no such page."""


class Backend(Pages, Protocol):
    """One published version, open for searching. Safe to use from several threads.

    `usual_similarity` is the scale of the model's cosines on this corpus: mean and standard deviation.
    """

    version: str
    created: datetime
    model: str
    model_fingerprint: str
    usual_similarity: tuple[float, float]
    passages: int

    def begrippen(self) -> StoredBegrippen:
        """The words that mean the same."""

    def field(self, query: Query, vector: NDArray[np.float32], analyser: Analyser, choices: Sequence[Filters]) -> Field:
        """The passages in play for a question with this unit vector; `choices` are all filters to be looked
        through: first those of the hits, then those that facets are counted with."""

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many passages each term stands, in text or context, whichever is more."""

    def extent(self, filters: Filters) -> tuple[int, int]:
        """How many passages the filters let through, and of how many documents."""

    def passages_at(self, keys: Sequence[int]) -> list[Passage]:
        """The passages with these keys, in the order asked for."""

    def around(self, key: int, reach: int) -> tuple[list[Passage], int]:
        """A passage with at most `reach` before and behind it in the corpus, and its place among them."""

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, in the register's order."""

    def kept_name(self, document_id: str) -> str:
        """The name under which the document's file is kept in data/files. Raises UnknownDocumentError."""

    def passages_in(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in reading order. Raises UnknownDocumentError."""

    def vocabulary(self) -> dict[str, int]:
        """The corpus's folded words and how often each stands there."""

    def sources(self) -> tuple[SourceStatus, ...]:
        """The ledger, in the register's order."""

    def headings(self) -> dict[str, int]:
        """Every heading that passages stand under, as it is written, and how many there are beneath it."""

    def portefeuilles(self) -> dict[str, int]:
        """Every portefeuille that passages belong to, and how many do."""

    def spelled(self) -> Spelled:
        """How texts and headings write words."""
