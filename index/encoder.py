"""Texts → vectors: whatever the model, served by ONNX Runtime and tokenizers alone.

    load_encoder("bundled:multilingual-e5-small").encode_queries(["Wie is voorzitter?"]) → float32 (1, 384), unit length

A model is exported once, in a process of its own (model_export.py); from then on neither torch nor
sentence-transformers is imported, which saves 10 s at every start and 0.5 GB. What cannot be exported is served by
sentence-transformers itself, through the same interface.

    models_dir/multilingual-e5-small/        the bundled model as SentenceTransformer; its export in onnx/
    models_dir/exports/<name>/               the export of any other model

An export is float32; beside it stands, once asked for, its int8 form (model_quantise.py).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.exports import DEFAULT_MODEL, FLOAT32, INT8, MODELS_DIR, RECORD, ExportRecord, Say, Source, damaged, only_one
from index.tokens import PIECES, TOKENIZER, AnyTokens, Pieces, Tokens

_log = logging.getLogger(__name__)
# Tokens in one batch, padding included. A processor gains nothing from larger ones (measured on two cores, 100 tokens a
# text: 32 texts a second one by one, 33 by sixteen), and memory grows with them.
_BATCH_TOKENS = 1024
# A batch is closed when its shortest text would be padded by more than this share of its longest.
_MOST_PADDING = 0.1
# Texts that are tokenised and sorted at a time: enough to sort well, few enough to hold in memory.
_TEXTS_AT_ONCE = 2048


class Encoder(Protocol):
    """Makes vectors of one length; `fingerprint` differs between models whose vectors cannot be compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Questions → (n, dimension), unit length, in the order given."""
        ...

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Passages → (n, dimension), unit length, in the order given.

        `progress` is called after every batch with how many texts are done by then.
        """
        ...


def load_encoder(
    model: str = DEFAULT_MODEL,
    models_dir: Path = MODELS_DIR,
    *,
    threads: int | None = None,
    say: Say | None = None,
    precision: str = FLOAT32,
    ready: str = FLOAT32,
) -> Encoder:
    """The encoder of a model: 'bundled:multilingual-e5-small', a SentenceTransformer folder, or a name on the hub.

    The first time it is made and exported, which takes about half a minute; `say` is then told so, in Dutch. `threads`
    are the processor cores to use (default: all that this process may). `precision` is FLOAT32 or INT8; float32 serves
    where int8 cannot. `ready` is another precision to make ready for who comes later. Raises ModelError.
    """
    source = Source.of(model, models_dir)
    tell = say or (lambda _message: None)
    if source.fingerprint() is None:
        with only_one(models_dir) as lock:
            source.prepare(tell, lock)
    record = ExportRecord.read(source.export)
    if record is None:
        raise ModelError(damaged(source.export / RECORD, "ontbreekt", source.remake))
    if INT8 in (precision, ready) and record.served_by == "onnxruntime":
        small = source.quantised(record) or _quantised(source, models_dir, tell) or record
        record = small if precision == INT8 else record
    if record.served_by == "sentence_transformers":
        from index.model_export import SentenceTransformerEncoder

        return SentenceTransformerEncoder.load(model, record)
    return OnnxEncoder.load(source.export, record, threads=threads, remake=source.remake)


def _quantised(source: Source, models_dir: Path, tell: Say) -> ExportRecord | None:
    """The int8 form, made now; None where it cannot be, as in a folder that the portal may only read."""
    try:
        with only_one(models_dir) as lock:
            return source.quantise(tell, lock)
    except (ModelError, OSError) as error:
        _log.warning("%s is served in float32: its int8 form cannot be made: %s", source.model, error)
        return None


def identify(model: str = DEFAULT_MODEL, models_dir: Path = MODELS_DIR) -> str | None:
    """The fingerprint of a model without loading it, in milliseconds; None if it was not made yet. Raises ModelError.

    A folder whose files changed since its export counts as not made yet.
    """
    return Source.of(model, models_dir).fingerprint()


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An exported model at work. Safe to use from several threads."""

    record: ExportRecord
    session: Any
    tokenizer: Tokens

    @classmethod
    def load(cls, folder: Path, record: ExportRecord, *, threads: int | None = None, remake: Path) -> Self:
        """Open an export. `remake` is the folder to delete if it proves damaged. Raises ModelError."""
        for name, size in record.files.items():
            path = folder / name
            if not path.is_file():
                raise ModelError(damaged(path, "ontbreekt", remake))
            if path.stat().st_size != size:
                raise ModelError(damaged(path, "is niet heel", remake))
        try:
            path = folder / record.graph
            session = open_session(path, threads)
            path = folder / (PIECES if PIECES in record.files else TOKENIZER)
            kind: type[Pieces | AnyTokens] = Pieces if path.name == PIECES else AnyTokens
            tokenizer = kind.load(folder, record.max_seq_length)
        except Exception as error:  # both libraries raise all sorts, plain Exception among them
            raise ModelError(damaged(path, "is beschadigd", remake)) from error
        return cls(record, session, tokenizer)

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def dimension(self) -> int:
        return self.record.dimension

    @property
    def fingerprint(self) -> str:
        return self.record.fingerprint

    @property
    def precision(self) -> str:
        """FLOAT32 or INT8: what serves, which is not always what was asked for."""
        return self.record.precision

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(self.record.query_prompt, texts, None)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        return self._encode(self.record.passage_prompt, texts, progress)

    def _encode(self, prompt: str, texts: Sequence[str], progress: Callable[[int], None] | None) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            tokens = self.tokens(prompt, texts[start : start + _TEXTS_AT_ONCE])
            for batch in _batches([len(ids) for ids in tokens]):
                vectors[[start + place for place in batch]] = self._run([tokens[place] for place in batch])
                done += len(batch)
                if progress is not None:
                    progress(done)
        return vectors

    def tokens(self, prompt: str, texts: Sequence[str]) -> list[list[int]]:
        """['Wie?'] → [[0, 41, 1294, 12, 7621, 32, 2]]. White space around a text says nothing, so it goes."""
        return self.tokenizer.tokens([prompt + text.strip() for text in texts])

    def _run(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        (vectors,) = self.session.run(None, self.feed(tokens))
        return unit_length(vectors)

    def feed(self, tokens: list[list[int]]) -> dict[str, NDArray[np.int64]]:
        """Token ids of some texts → what the graph takes; shorter ones are padded to the longest and masked."""
        width = max(1, max(len(ids) for ids in tokens))
        feed = {
            "input_ids": np.full((len(tokens), width), self.record.pad_id, dtype=np.int64),
            "attention_mask": np.zeros((len(tokens), width), dtype=np.int64),
            "token_type_ids": np.zeros((len(tokens), width), dtype=np.int64),
        }
        for row, ids in enumerate(tokens):
            feed["input_ids"][row, : len(ids)] = ids
            feed["attention_mask"][row, : len(ids)] = 1
        return {wanted.name: feed[wanted.name] for wanted in self.session.get_inputs()}


def open_session(path: Path, threads: int | None = None) -> Any:
    """A graph, ready to run; raises all sorts, plain Exception among them, if it is damaged."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1  # the graph has no branches worth a thread
    options.log_severity_level = 3  # errors only: they come as exceptions too
    # Threads that wait without spinning leave the cores to the rest of the portal. On two cores: 9.8 ms a question
    # instead of 7.5 when idle, but with 8 clients beside other work 70 questions a second instead of 42.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def unit_length(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, d) → (n, d) float32, each row divided by its length: [[3, 4]] → [[0.6, 0.8]]; a row of zeros stays so."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts, longest first, cut into batches of bounded size and padding.

    [9, 100, 10, 98] → [1, 3], [2, 0]
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch:
            longest = lengths[batch[0]]
            if longest * (len(batch) + 1) > _BATCH_TOKENS or lengths[place] < longest * (1 - _MOST_PADDING):
                yield batch
                batch = []
        batch.append(place)
    if batch:
        yield batch
