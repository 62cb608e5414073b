"""The grown corpora on disk: made once, and used again for as long as the same maker would make the same.

data/scale/<passages>-<maker>/vectors.npy      float32 (n, 3, d): the vectors as they were made, before any index
                              texts.jsonl      each passage with title and headings before it, a JSON string a line
                              reference/       words and what else the exact search looks at
                              peers/<engine>/  what a peer keeps on disk
                              data-<writers>/  a data folder of its own with the version published
                              data-<writers>/made.json   what it is and what making it took; written last of all
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.benchmarks.grown_corpus import UNITS, grown, maker_of
from eval.benchmarks.scale.exact import write_reference
from eval.benchmarks.scale.process import peak_gib
from index.edition import DocumentContent, Edition, edition_of
from index.large.arrays import Growing
from index.publishing import publish_edition
from index.settings import ROOT
from index.versions import current_version, open_current

# What decides what a version's files hold, beside what the version is made out of. More than writes them is among
# these: a version is made anew once too often rather than once too few.
_WRITERS = (
    *("large/*.py", "publishing.py", "versions.py", "store.py", "vectors.py", "words.py", "sample.py", "sought.py"),
    *("dutch.py", "passage_words.py", "begrippen.py"),
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Names every file of one grown corpus. `writers` is a digest of the code that publishes it."""

    folder: Path
    writers: str

    @property
    def data(self) -> Path:
        return self.folder / f"data-{self.writers}"

    @property
    def made(self) -> Path:
        return self.data / "made.json"

    @property
    def version(self) -> Path:
        """The folder of the published version."""
        return self.data / "index" / (current_version(self.data) or "")

    @property
    def vectors(self) -> Path:
        return self.folder / "vectors.npy"

    @property
    def texts(self) -> Path:
        return self.folder / "texts.jsonl"

    @property
    def reference(self) -> Path:
        return self.folder / "reference"

    def about(self) -> dict[str, Any] | None:
        """What making it took; None if it was not made, or not to its end."""
        if not self.made.is_file():
            return None
        about: dict[str, Any] = json.loads(self.made.read_text("utf-8"))
        return about


def corpus_of(home: Path, base: Path, passages: int) -> Corpus:
    """Where the corpus of so many passages that is grown out of the version in `base` stands, or will."""
    files = sorted(file for pattern in _WRITERS for file in (ROOT / "index").glob(pattern))
    writers = hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
    return Corpus(home / f"{passages}-{maker_of(edition_of(base), passages)[:8]}", writers[:8])


def make(corpus: Corpus, base: Path, passages: int) -> None:
    """Makes and publishes it, in place of what other makers or writers left of that size.

    Raises what opening `base` raises.
    """
    for old in [*corpus.folder.parent.glob(f"{passages}-*"), *corpus.folder.glob("data-*")]:
        if old != corpus.folder:
            shutil.rmtree(old)
    corpus.folder.mkdir(parents=True, exist_ok=True)
    edition = grown(edition_of(base), passages)
    began = time.perf_counter()
    with ExitStack() as files:
        publish_edition(corpus.data, replace(edition, contents=_kept_aside(corpus, edition, files)))
    about = {
        "passages": passages,
        "form": "large" if open_current(corpus.data)[2].large else "exact",
        "build_s": round(time.perf_counter() - began, 1),
        "build_rss_gib": peak_gib(),
        "disk_gib": round(sum(sizes_in(corpus.version).values()) / 2**30, 3),
        "files": sizes_in(corpus.version),
    }
    write_reference(corpus.reference, grown(edition_of(base), passages))
    corpus.made.write_text(json.dumps(about), encoding="utf-8")


def sizes_in(version: Path) -> dict[str, int]:
    """{'store.sqlite': 290816, 'words': 79361, …}: the bytes of each file of a version, and of each folder in it."""
    return {
        path.name: sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]))
        for path in sorted(version.iterdir())
    }


def _kept_aside(corpus: Corpus, edition: Edition, files: ExitStack) -> Iterator[DocumentContent]:
    """The documents on their way to the index; texts and vectors are kept for the peers and for the exact search."""
    row = (len(UNITS), edition.manifest.dimension)
    vectors = files.enter_context(closing(Growing(corpus.vectors, np.float32, row)))
    texts = files.enter_context(corpus.texts.open("w", encoding="utf-8"))
    for content in edition.contents:
        vectors.append(np.stack([one.vectors for one in content.passages]))
        for one in content.passages:
            path = " – ".join((content.info.title, *one.passage.heading_path))
            texts.write(json.dumps(f"{path}: {one.passage.text}", ensure_ascii=False) + "\n")
        yield content
