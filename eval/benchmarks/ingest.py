"""`python -m eval.benchmarks.ingest` reads a corpus anew and says where the time goes.

One whole run, as `python -m ingest` does it, into an empty data folder, without OCR and without the network. Stages
overlap: what was read is embedded while the rest is still being read, and words and texts are written meanwhile. So the
seconds of a stage are those in which it was busy, and together they are more than the run. `encoding_share` is the part
of the run in which the model was at work; what lies outside is `before` its first text and `after` its last.

The corpus is the folder that --corpus names, else ../shared/documents where that exists, else the project's own.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from numpy import float32
from numpy.typing import NDArray

from eval.benchmarks.machine import machine
from index import builder
from index.encoder import Encoder, load_encoder
from index.settings import ROOT, Settings
from index.store import Store
from index.versions import open_current
from ingest import __main__ as command
from ingest.passages import passages_of
from ingest.pipeline import Reading

SHARED = ROOT.parent / "shared" / "documents"
DOCUMENTS = (".pdf", ".docx", ".odt", ".html")
# What is timed, by stage: the module in which the name is used, and the name.
_TIMED: dict[str, tuple[tuple[Any, str], ...]] = {
    "inventory": ((command, "take_inventory"),),
    "read": ((command, "read_sources"),),
    "analyse": tuple((builder, name) for name in ("vocabulary_of", "index_words", "write_begrippen", "write_sought")),
    "write": tuple((builder, name) for name in ("keep_files", "write_store", "write_vectors")),
    "verify": tuple((builder, name) for name in ("write_manifest", "verify", "publish")),
}

Span = tuple[float, float]


class IngestFailedError(Exception):
    """Raised when the run that was to be measured published nothing; holds what it said."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, and returns the exit status: 0 measured, 1 nothing could be ingested."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.ingest", description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, help="a folder of documents")
    parser.add_argument("--json", action="store_true", help="print the figures that count as JSON")
    parser.add_argument("--keep", type=Path, help="write all figures to this file")
    given = parser.parse_args(arguments)
    corpus = given.corpus or (SHARED if SHARED.is_dir() else settings.corpus)
    try:
        figures = measure(corpus)
    except IngestFailedError as error:
        print(error, file=sys.stderr)
        return 1
    if given.keep:
        given.keep.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    counted = {name: figures[name] for name in ("encoding_share", "wall_s", "pages_per_s", "passages_per_s")}
    print(json.dumps(counted if given.json else figures, indent=None if given.json else 2))
    return 0


def measure(corpus: Path) -> dict[str, Any]:
    """All figures of one run over a corpus. Raises IngestFailedError."""
    clock = Clock()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        data = Path(name) / "data"
        source = corpus if (corpus / "bronnen.toml").exists() else _copied(corpus, Path(name) / "corpus")
        stack.enter_context(patch.dict(os.environ, {"PATH": ""}))  # no Tesseract is found, so there is no OCR
        for stage, places in _TIMED.items():
            for module, function in places:
                stack.enter_context(patch.object(module, function, clock.timed(stage, getattr(module, function))))
        stack.enter_context(patch.object(command, "load_encoder", clock.load_encoder))
        with redirect_stdout(io.StringIO()) as said:
            began = time.perf_counter()
            status = command.main(["--corpus", str(source), "--data", str(data), "--offline", "--json"])
            ended = time.perf_counter()
        if status or not clock.reading:
            raise IngestFailedError(f"The run over {corpus} published nothing: {said.getvalue()[-500:]}")
        store = Store(open_current(data)[1].store)
        return figures_of(clock, (began, ended), store.passages, corpus, busy)


class Clock:
    """When each stage was busy."""

    def __init__(self) -> None:
        self.spans: dict[str, list[Span]] = {}
        self.texts = 0
        self.reading: Reading | None = None

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Notes how long what stands within it takes."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spans.setdefault(name, []).append((began, time.perf_counter()))

    def load_encoder(self, *arguments: Any, **named: Any) -> TimedEncoder:
        """The encoder of the run."""
        return TimedEncoder(load_encoder(*arguments, **named), self)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed; what was read is kept."""

        def run(*arguments: Any, **named: Any) -> Any:
            with self.stage(stage):
                result = function(*arguments, **named)
            if isinstance(result, Reading):
                self.reading = result
            return result

        return run

    def seconds(self, stage: str) -> float:
        """How long a stage was busy, in all."""
        return sum(ended - began for began, ended in self.spans.get(stage, ()))


class TimedEncoder:
    """An encoder that says when it was at work."""

    def __init__(self, encoder: Encoder, clock: Clock) -> None:
        self._encoder, self._clock = encoder, clock
        self.name, self.dimension, self.fingerprint = encoder.name, encoder.dimension, encoder.fingerprint

    def encode_queries(self, texts: Sequence[str]) -> NDArray[float32]:
        self._clock.texts += len(texts)
        with self._clock.stage("encode"):
            return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[float32]:
        self._clock.texts += len(texts)
        with self._clock.stage("encode"):
            return self._encoder.encode_passages(texts, progress)


def figures_of(clock: Clock, run: Span, passages: int, corpus: Path, load: float) -> dict[str, Any]:
    """Seconds and shares by stage; cutting is part of reading, and done once more to see how large a part."""
    assert clock.reading
    wall = run[1] - run[0]
    pages = sum(len(document.pages) for document in clock.reading.documents)
    with clock.stage("cut"):
        for document in clock.reading.documents:
            passages_of(document)
    encoding = clock.spans["encode"]
    seconds = {
        name: clock.seconds(name) for name in ("inventory", "read", "cut", "analyse", "encode", "write", "verify")
    }
    return {
        "encoding_share": round(seconds["encode"] / wall, 3),
        "wall_s": round(wall, 2),
        "pages_per_s": round(pages / wall, 2),
        "passages_per_s": round(passages / wall, 2),
        "texts_per_s": round(clock.texts / seconds["encode"], 2),
        "before_s": round(encoding[0][0] - run[0], 2),
        "after_s": round(run[1] - encoding[-1][1], 2),
        "busy_s": {name: round(value, 2) for name, value in seconds.items()},
        "corpus": "shared/documents" if corpus == SHARED else corpus.name,
        "documents": len(clock.reading.documents),
        "pages": pages,
        "passages": passages,
        "texts": clock.texts,
        "machine": machine(),
        "load": {"before": round(load, 2), "after": round(os.getloadavg()[0], 2)},
    }


def _copied(corpus: Path, to: Path) -> Path:
    """The documents of a folder, without what is said about them beside them."""
    to.mkdir()
    for path in sorted(corpus.iterdir()):
        if path.suffix in DOCUMENTS:
            shutil.copy(path, to)
    return to


if __name__ == "__main__":
    sys.exit(main())
