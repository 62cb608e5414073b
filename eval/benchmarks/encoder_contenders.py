"""The same model in several hands, each in a process of its own that is told what to encode and says how long it took.

Separate processes, because torch's threads go on spinning after their work and would slow the next contender down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index.encoder import load_encoder
from index.exports import Source

Encode = Callable[[Sequence[str]], object]
# What the model's users have, and the best that torch can do: see the functions that are named after them.
SENTENCE_TRANSFORMERS, TORCH = "sentence_transformers", "torch"
_TORCH_BATCH = 8


@dataclass(frozen=True, slots=True)
class Contender:
    """A process that encodes when it is told to."""

    name: str
    connection: Connection

    def queries(self, texts: Sequence[str]) -> list[float]:
        """The seconds of each, one at a time."""
        seconds: list[float] = self._ask(("queries", list(texts)))
        return seconds

    def passages(self, texts: Sequence[str]) -> float:
        """The seconds of all, given at once."""
        seconds: float = self._ask(("passages", list(texts)))
        return seconds

    def resident_mib(self) -> float:
        """The memory that its process holds, files that are mapped into it included."""
        held: float = self._ask(("memory", []))
        return held

    def _ask(self, order: tuple[str, list[str]]) -> Any:
        self.connection.send(order)
        answer = self.connection.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


@contextmanager
def contender(name: str, model: str, models: Path) -> Iterator[Contender]:
    """Starts one and ends it. Its name is SENTENCE_TRANSFORMERS, TORCH or a precision that can serve."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, name, model, models), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Contender(name, ours)
    finally:
        ours.close()
        process.join(10)
        process.kill()


def _work(connection: Connection, name: str, model: str, models: Path) -> None:
    """The life of a contender's process: until the other end closes."""
    try:
        queries, passages = _hands(name, model, models)
    except Exception as error:
        connection.recv()
        connection.send(error)
        return
    while True:
        try:
            task, texts = connection.recv()
        except EOFError:
            return
        if task == "memory":
            connection.send(resident_mib("self"))
        elif task == "passages":
            connection.send(_seconds(passages, texts))
        else:
            connection.send([_seconds(queries, [text]) for text in texts])


def _hands(name: str, model: str, models: Path) -> tuple[Encode, Encode]:
    """How this contender encodes questions, and passages."""
    if name not in (SENTENCE_TRANSFORMERS, TORCH):
        encoder = load_encoder(model, models, precision=name)
        return encoder.encode_queries, encoder.encode_passages
    from index.model_export import load_sentence_transformer

    transformer = load_sentence_transformer(str(Source.of(model, models).folder or model))
    encode = transformer.encode if name == SENTENCE_TRANSFORMERS else bare_torch(transformer)

    def with_prompt(name: str) -> Encode:
        prompt = transformer.prompts.get(name) or ""
        return lambda texts: encode([prompt + text for text in texts])

    return with_prompt("query"), with_prompt("passage")


def bare_torch(transformer: Any) -> Encode:
    """The transformer's own modules without what sentence-transformers does around them, batches sorted by length."""
    import torch

    def encode(texts: Sequence[str]) -> object:
        longest_first = sorted(texts, key=len, reverse=True)
        with torch.inference_mode():
            return [
                transformer(transformer.preprocess(longest_first[start : start + _TORCH_BATCH]))["sentence_embedding"]
                for start in range(0, len(texts), _TORCH_BATCH)
            ]

    return encode


def resident_mib(pid: int | str) -> float:
    """The resident memory of a process in MiB, by its number or 'self'; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def _seconds(encode: Encode, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    encode(texts)
    return time.perf_counter() - began
