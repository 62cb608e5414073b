"""Texts → vectors: whatever the model, served by ONNX Runtime and tokenizers alone.

    load_encoder("bundled:multilingual-e5-small").encode_queries(["Wie is voorzitter?"]) → float32 (1, 384), unit length

A model is exported once, in a process of its own (model_export.py); from then on neither torch nor
sentence-transformers is imported, which saves 10 s at every start and 0.5 GB. What cannot be exported is served by
sentence-transformers itself, through the same interface.

    models_dir/multilingual-e5-small/        the bundled model as SentenceTransformer; its export in onnx/
    models_dir/exports/<name>/               the export of any other model
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from index import bundled_model
from index.errors import ModelError

DEFAULT_MODEL = "bundled:multilingual-e5-small"
MODELS_DIR = Path(__file__).resolve().parents[1] / "data" / "models"
RECORD = "encoder.json"

# Raise it when what an export holds changes; exports of another form are made anew.
EXPORT_FORM = 1
# Tokens in one batch, padding included. A processor gains nothing from larger ones (measured on two cores, 100 tokens a
# text: 32 texts a second one by one, 33 by sixteen), and memory grows with them.
_BATCH_TOKENS = 1024
# A batch is closed when its shortest text would be padded by more than this share of its longest.
_MOST_PADDING = 0.1
# Texts that are tokenised and sorted at a time: enough to sort well, few enough to hold in memory.
_TEXTS_AT_ONCE = 2048

Say = Callable[[str], None]


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
    model: str = DEFAULT_MODEL, models_dir: Path = MODELS_DIR, *, threads: int | None = None, say: Say | None = None
) -> Encoder:
    """The encoder of a model: 'bundled:multilingual-e5-small', a SentenceTransformer folder, or a name on the hub.

    The first time it is made and exported, which takes about half a minute; `say` is then told so, in Dutch. `threads`
    are the processor cores to use (default: all that this process may). Raises ModelError.
    """
    source = _Source.of(model, models_dir)
    if source.fingerprint() is None:
        with _only_one(models_dir) as lock:
            source.prepare(say or (lambda _message: None), lock)
    record = ExportRecord.read(source.export)
    if record is None:
        raise ModelError(_damaged(source.export / RECORD, "ontbreekt", source.remake))
    if record.served_by == "sentence_transformers":
        from index.model_export import SentenceTransformerEncoder

        return SentenceTransformerEncoder.load(model, record)
    return OnnxEncoder.load(source.export, record, threads=threads, remake=source.remake)


def identify(model: str = DEFAULT_MODEL, models_dir: Path = MODELS_DIR) -> str | None:
    """The fingerprint of a model without loading it, in milliseconds; None if it was not made yet. Raises ModelError.

    A folder whose files changed since its export counts as not made yet.
    """
    return _Source.of(model, models_dir).fingerprint()


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """What stands in encoder.json beside an export: all that serving needs to know of the model.

    `served_by` is 'onnxruntime' or 'sentence_transformers'; `files` are name → size in bytes;
    `stamp` tells whether the folder that it was made from has changed since; `difference` is the largest difference
    that was seen between its vectors and SentenceTransformer's own.
    """

    name: str
    fingerprint: str
    dimension: int
    max_seq_length: int
    query_prompt: str
    passage_prompt: str
    served_by: str
    pad_id: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    stamp: str = ""
    difference: float = 0.0
    form: int = EXPORT_FORM

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """The record in a folder; None if there is none, or one of another form. Raises ModelError if unreadable."""
        path = folder / RECORD
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["form"] != EXPORT_FORM:
                return None
            return cls(**content)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(_damaged(path, "is onleesbaar", folder)) from error

    def write(self, folder: Path) -> None:
        (folder / RECORD).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An exported model at work. Safe to use from several threads."""

    record: ExportRecord
    session: Any
    tokenizer: Any

    @classmethod
    def load(cls, folder: Path, record: ExportRecord, *, threads: int | None = None, remake: Path) -> Self:
        """Open an export. `remake` is the folder to delete if it proves damaged. Raises ModelError."""
        import onnxruntime
        from tokenizers import Tokenizer

        for name, size in record.files.items():
            path = folder / name
            if not path.is_file():
                raise ModelError(_damaged(path, "ontbreekt", remake))
            if path.stat().st_size != size:
                raise ModelError(_damaged(path, "is niet heel", remake))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
        options.inter_op_num_threads = 1  # the graph has no branches worth a thread
        options.log_severity_level = 3  # errors only: they come as exceptions too
        # Threads that wait without spinning leave the cores to the rest of the portal. On two cores: 9.8 ms a question
        # instead of 7.5 when idle, but with 8 clients beside other work 70 questions a second instead of 42.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            path = folder / "model.onnx"
            session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            path = folder / "tokenizer.json"
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # both libraries raise all sorts, plain Exception among them
            raise ModelError(_damaged(path, "is beschadigd", remake)) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(record.max_seq_length)
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
            tokens = self._tokenise(prompt, texts[start : start + _TEXTS_AT_ONCE])
            for batch in _batches([len(ids) for ids in tokens]):
                vectors[[start + place for place in batch]] = self._run([tokens[place] for place in batch])
                done += len(batch)
                if progress is not None:
                    progress(done)
        return vectors

    def _tokenise(self, prompt: str, texts: Sequence[str]) -> list[list[int]]:
        """['Wie?'] → [[0, 41, 1294, 12, 7621, 32, 2]]. White space around a text says nothing, so it goes."""
        encodings = self.tokenizer.encode_batch_fast([prompt + text.strip() for text in texts])
        return [encoding.ids for encoding in encodings]

    def _run(self, tokens: list[list[int]]) -> NDArray[np.float32]:
        """Token ids of some texts → their vectors; shorter ones are padded to the longest and masked."""
        width = max(1, max(len(ids) for ids in tokens))
        feed = {
            "input_ids": np.full((len(tokens), width), self.record.pad_id, dtype=np.int64),
            "attention_mask": np.zeros((len(tokens), width), dtype=np.int64),
            "token_type_ids": np.zeros((len(tokens), width), dtype=np.int64),
        }
        for row, ids in enumerate(tokens):
            feed["input_ids"][row, : len(ids)] = ids
            feed["attention_mask"][row, : len(ids)] = 1
        (vectors,) = self.session.run(None, {wanted.name: feed[wanted.name] for wanted in self.session.get_inputs()})
        return unit_length(vectors)


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


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a model comes from and where its export stands. `folder` is None for a name on the hub.

    `remake` is the folder to delete when the export is damaged; `bundled` and `folder` say how to make it again.
    """

    model: str
    bundled: bool
    folder: Path | None
    export: Path
    remake: Path

    @classmethod
    def of(cls, model: str, models_dir: Path) -> Self:
        """'intfloat/multilingual-e5-base' → export in 'data/models/exports/intfloat--multilingual-e5-base'."""
        if model == DEFAULT_MODEL:
            folder = models_dir / model.partition(":")[2]
            return cls(model, True, folder, folder / "onnx", folder)
        path = Path(model).expanduser()
        if model and path.is_dir():
            place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]
            export = models_dir / "exports" / f"{path.resolve().name}-{place}"
            return cls(model, False, path, export, export)
        if re.fullmatch(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", model):
            export = models_dir / "exports" / model.replace("/", "--")
            return cls(model, False, None, export, export)
        raise ModelError(
            f"Taalmodel '{model}' bestaat niet: er is geen map met die naam. Geef een bestaande map, "
            f"een naam van Hugging Face zoals 'intfloat/multilingual-e5-base', of '{DEFAULT_MODEL}'."
        )

    def fingerprint(self) -> str | None:
        record = ExportRecord.read(self.export)
        if record is None:
            return None
        if self.bundled:
            built = bundled_model.built_fingerprint(self.remake)
            return built if built == record.fingerprint else None
        return record.fingerprint if record.stamp == self.stamp() else None

    def stamp(self) -> str:
        """A short word that changes when a file of the folder does, by size and time; '' for a name on the hub."""
        if self.folder is None:
            return ""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file() and path.parent.name != "onnx")
        seen = [(str(path.relative_to(self.folder)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def prepare(self, say: Say, lock: int) -> None:
        """Make what is missing. Another process may have done so while this one waited for its turn."""
        if self.fingerprint() is not None:
            return
        say(f"Taalmodel {self.model} klaarzetten (eenmalig, ongeveer een halve minuut) …")
        known = None
        if self.bundled:
            bundled_model.build_model(
                self.remake
            )  # also when the folder is there: four seconds, and it is surely whole
            known = bundled_model.built_fingerprint(self.remake)
        self._export(known, lock)

    def _export(self, known: str | None, lock: int) -> None:
        """Run model_export in a process of its own, so that torch and its memory go when it is done.

        It holds the lock too: should this process be killed, the next one waits for the export and finds it ready.
        """
        source = str(self.folder or self.model)
        order = {"model": source, "name": self.model, "stamp": "" if self.bundled else self.stamp(), "known": known}
        root = str(Path(__file__).resolve().parents[1])
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        command = [sys.executable, "-m", "index.model_export", json.dumps(order), str(self.export)]
        done = subprocess.run(command, env=environment, pass_fds=[lock], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["geen uitleg"])[-1]
            raise ModelError(last if done.returncode == 3 else f"Het taalmodel kon niet worden klaargezet: {last}")


@contextmanager
def _only_one(models_dir: Path) -> Iterator[int]:
    """Let one process at a time make models; the lock goes when all who hold its descriptor have ended."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / ".slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _damaged(path: Path, what: str, folder: Path) -> str:
    return (
        f"Het bestand {path} van het taalmodel {what}. "
        f"Verwijder de map {folder} en start opnieuw: het model wordt dan vanzelf opnieuw gemaakt."
    )
