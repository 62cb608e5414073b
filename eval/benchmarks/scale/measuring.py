"""One size after the other: the processes that make, serve and compare, and the figures out of what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.benchmarks.environments import quiet_environment
from eval.benchmarks.peers.comparing import QUIET, milliseconds
from eval.benchmarks.scale.asked import Asked
from eval.benchmarks.scale.corpora import Corpus, corpus_of
from eval.benchmarks.scale.engines import PEERS
from eval.benchmarks.scale.process import forget, load
from eval.benchmarks.scale.serving import recall
from index.encoder import load_encoder
from index.settings import ROOT, Settings

Figures = dict[str, Any]


class ScaleError(Exception):
    """Raised when a process of the benchmark ends without an outcome; says how it ended."""


@dataclass(frozen=True, slots=True)
class Measuring:
    """What all sizes have in common. `python` is the peers' interpreter; without it they are left out."""

    base: Path
    home: Path
    asked: Asked
    settings: Settings
    python: Path | None
    say: Callable[[str], object]

    def row(self, passages: int) -> Figures:
        """All figures of one size. Raises ScaleError."""
        corpus = corpus_of(self.home, self.base, passages)
        if corpus.about() is None:
            self.say(f"{passages:,} passages: making the corpus …")
            self._ours(corpus, task="make", base=str(self.base), passages=passages)
        about = corpus.about() or {}
        self.say(f"{passages:,} passages: searching …")
        forget([*corpus.data.rglob("*"), corpus.vectors, corpus.texts])
        before = load()
        served = self._ours(corpus, task="serve", asked=asdict(self.asked))
        after = load()
        self.say(f"{passages:,} passages: searching with every passage in play …")
        exact = self._ours(corpus, task="exact", asked=asdict(self.asked))
        peers, failed = self._beside(corpus, passages, served)
        return {**figures_of(about, served, exact), "load": [before, after], "peers": peers, "failed": failed}

    def embedding(self) -> Figures:
        """How fast texts are embedded. Raises ScaleError."""
        return self._ours(Corpus(self.home, ""), task="embed", base=str(self.base))

    def _beside(self, corpus: Corpus, passages: int, served: Figures) -> tuple[list[Figures], dict[str, str]]:
        """The figures of each peer, and why others have none. Raises ScaleError if the exact one has none."""
        peers: list[Figures] = []
        failed: dict[str, str] = {}
        exact: list[list[int]] = []
        for name in self._peers(passages):
            try:
                peer = self._peer(name, corpus, served)
            except ScaleError as error:
                if not exact:
                    raise
                failed[PEERS[name].title] = str(error)  # hours of measuring are not lost for one of them
                continue
            nearest = peer.pop("nearest")
            exact = exact or nearest  # the first of them is NumPy
            peers.append({**peer, "meaning_recall@10": recall(nearest, exact)})
        return peers, failed

    def _peers(self, passages: int) -> list[str]:
        fitting = [name for name, peer in PEERS.items() if peer.least <= passages <= (peer.most or passages)]
        return fitting if self.python else []

    def _ours(self, corpus: Corpus, **order: object) -> Figures:
        """What a process of our own makes of an order."""
        about = {"folder": str(corpus.folder), "writers": corpus.writers}
        settings = self.settings
        model = {"model": settings.model, "models": str(settings.models), "precision": settings.precision}
        with TemporaryDirectory() as folder:
            file = Path(folder) / "order.json"
            file.write_text(
                json.dumps({**about, **model, **order}),
                encoding="utf-8",
            )
            _run([sys.executable, "-m", "eval.benchmarks.scale.serving", str(file)])
            return _outcome(file.parent)

    def _peer(self, name: str, corpus: Corpus, served: Figures) -> Figures:
        """A peer's figures; the encoding of each question is put to its time as it is in ours."""
        peer, home = PEERS[name], corpus.folder / "peers" / name
        command = [str(self.python), "-m", "eval.benchmarks.scale.engines"]
        if peer.make and not home.exists():
            self.say(f"  {peer.title}: filling …")
            _run([*command, "make", name, str(corpus.folder)])
        self.say(f"  {peer.title}: searching …")
        queries = [*self.asked.warm_up, *self.asked.measured]
        with TemporaryDirectory() as folder:
            asked = Path(folder)
            order = {"queries": queries, "warm_up": len(self.asked.warm_up)}
            (asked / "queries.json").write_text(json.dumps(order), encoding="utf-8")
            np.save(asked / "queries.npy", self._encoded(queries))
            _run([*command, "ask", name, str(corpus.folder), str(asked)])
            outcome = _outcome(asked)
        seconds = outcome.pop("seconds")
        encoding = served["lots"]["all"]["encode_s"][: len(seconds)]
        whole = [search + encode for search, encode in zip(seconds, encoding, strict=True)]
        times = {f"{share}_ms": figure for share, figure in milliseconds(whole).items()}
        return {"engine": peer.title, "questions": len(seconds), **times, "search_ms": milliseconds(seconds), **outcome}

    def _encoded(self, queries: Sequence[str]) -> NDArray[np.float32]:
        settings = self.settings
        encoder = load_encoder(settings.model, settings.models, precision=settings.precision)
        return np.concatenate([encoder.encode_queries([query]) for query in queries])  # one by one, as they are asked


def figures_of(about: Mapping[str, Any], served: Mapping[str, Any], exact: Mapping[str, Any]) -> Figures:
    """The figures of our own search, out of what making, serving and the exact search said."""
    lots = {name: _lot(one, exact[name]) for name, one in served["lots"].items()}
    one_client = served["lots"]["all"]
    stages = sum(one_client["stage_s"].values())
    return {
        "passages": about["passages"],
        **lots["all"],
        "rss_gib": served["rss_gib"],
        "open_s": served["open_s"],
        **{name: about[name] for name in ("form", "disk_gib", "files", "build_s", "build_rss_gib")},
        "first_ms": served["first_ms"],
        "memory_gib": served["memory_gib"],
        "memory_opened_gib": served["memory_opened_gib"],
        "tenth": lots["tenth"],
        "rare": lots["rare"],
        "stages_ms": one_client["stages"],
        "stages_of_whole": round(stages / sum(one_client["seconds"]), 3),
        "together": served["together"],
        "questions": len(one_client["seconds"]),
        "questions_exact": {name: len(found) for name, found in exact.items()},
    }


def _lot(served: Mapping[str, Any], exact: Sequence[Sequence[str]]) -> dict[str, float]:
    times = {f"{share}_ms": figure for share, figure in milliseconds(served["seconds"]).items()}
    return {**times, "recall@10": recall(served["found"], exact)}


def _outcome(folder: Path) -> Figures:
    outcome: Figures = json.loads((folder / "outcome.json").read_text("utf-8"))
    return outcome


def _run(command: Sequence[str]) -> None:
    """Raises ScaleError with the process's last words."""
    done = subprocess.run(command, cwd=ROOT, env=quiet_environment(QUIET), capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no explanation"])[-1]
        raise ScaleError(f"{' '.join(command[1:5])} ended with {done.returncode}: {last}")
