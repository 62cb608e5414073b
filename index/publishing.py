"""A stream of documents, written as a version of a data folder and published.

`publish_edition(data, edition)` is all there is to call. What a version is made of comes along in the stream already
analysed and embedded (index/edition.py); no more of a large one than a document at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.begrippen import write_stored
from index.checking import verify
from index.edition import Edition
from index.large.writing import write_large
from index.sought import KINDS
from index.store import StoreWriter
from index.vectors import write_vectors
from index.versions import FORM, Layout, Manifest, building, publish, write_manifest
from index.words import PassageWords, write_words

# Up to so many vectors every passage is compared with every question; beyond it candidates are (index/large). A whole
# search without the encoding, 35 questions on made passages of three vectors each, two cores shared by many, processor
# milliseconds p50 (p95), exact and large: 3,000 vectors (within a filter) 9 (12) and 11 (13); 15,000: 15 (22) and
# 13 (22); 60,000: 47 (70) and 16 (25); 120,000: 78 (130) and 19 (27); 3,000,000 (14 questions): - and 47 (68). Encoding
# a question takes 16: up to here a search takes at most some three times that, and is exact; of the ten that the exact
# form puts first a large version of 60,000 vectors has 98.9 %, one of 120,000 98.6 %.
EXACT_UP_TO = 50_000


def publish_edition(data: Path, edition: Edition, exact_up_to: int = EXACT_UP_TO) -> str:
    """Publishes an edition as the version that answers now, under a new name, which is returned.

    `edition.manifest.vectors` must be about right: it decides the form before the stream is walked through. The files
    of the documents are not kept: data/files is not touched. Whatever goes wrong, the version before stays.
    """
    with building(data) as layout:
        made = write_edition(layout, edition, large=edition.manifest.vectors > exact_up_to)
        verify(layout, write_manifest(layout, made))
        return publish(data, layout)


def write_edition(layout: Layout, edition: Edition, *, large: bool) -> Manifest:
    """Writes all files of a version but its manifest, which is returned as it should be."""
    manifest = write_large(layout, edition) if large else _write_exact(layout, edition)
    return replace(manifest, form=FORM, created=datetime.now(UTC).isoformat(timespec="seconds"))


def _write_exact(layout: Layout, edition: Edition) -> Manifest:
    vectors: list[np.ndarray] = []
    owners: list[tuple[int, int]] = []
    held: list[list[bool]] = []
    documents = 0
    with closing(StoreWriter(layout.store)) as store:

        def words() -> Iterator[PassageWords]:
            nonlocal documents
            for content in edition.contents:
                store.add_document(content.info, content.pages)
                documents += 1
                for one in content.passages:
                    store.add_passage(one.passage)
                    owners.extend((len(held), unit) for unit in one.units)
                    vectors.append(one.vectors)
                    held.append(list(one.holds))
                    yield one.words

        write_words(layout.words, words())
        store.finish(edition.vocabulary, edition.sources)
    every = np.concatenate([np.empty((0, edition.manifest.dimension), np.float32), *vectors]).astype(np.float32)
    write_vectors(layout, every, np.array(owners, dtype=np.int32).reshape(-1, 2), edition.mean_question.reshape(1, -1))
    np.save(layout.sought, np.array(held, dtype=bool).reshape(-1, len(KINDS)), allow_pickle=False)
    write_stored(layout.begrippen, edition.begrippen)
    return replace(edition.manifest, large=False, documents=documents, passages=len(held), vectors=len(every), files=())
