"""Where a model comes from, where its export stands, and how what is missing is made: once, a process at a time.

Source.of("bundled:multilingual-e5-small", models_dir).export → models_dir/multilingual-e5-small/onnx
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
from typing import Self

from index import bundled_model
from index.errors import ModelError

DEFAULT_MODEL = "bundled:multilingual-e5-small"
MODELS_DIR = Path(__file__).resolve().parents[1] / "data" / "models"
RECORD, INT8_RECORD = "encoder.json", "int8.json"
GRAPH, INT8_GRAPH = "model.onnx", "int8.onnx"
FLOAT32, INT8 = PRECISIONS = ("float32", "int8")

# Raise it when what an export holds changes; exports of another form are made anew.
EXPORT_FORM = 2
# The same for its int8 form alone.
INT8_FORM = 1

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """What stands in encoder.json beside an export: all that serving needs to know of the model.

    `served_by` is 'onnxruntime' or 'sentence_transformers'; `files` are name → size in bytes;
    `stamp` tells whether the folder that it was made from has changed since; `difference` is the largest difference
    that was seen between its vectors and SentenceTransformer's own, for int8 the largest distance (1 - cosine) between
    its vectors and those of float32. Both precisions have one fingerprint: questions in int8 may be put to passages in
    float32, which was measured (model_quantise.py).
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
    precision: str = FLOAT32
    graph: str = GRAPH

    @classmethod
    def read(cls, folder: Path, name: str = RECORD, form: int = EXPORT_FORM) -> Self | None:
        """The record in a folder; None if there is none, or one of another form. Raises ModelError if unreadable."""
        path = folder / name
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["form"] != form:
                return None
            return cls(**content)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(damaged(path, "is onleesbaar", folder)) from error

    def write(self, folder: Path, name: str = RECORD) -> None:
        """Writes it in one step: what it speaks of must be there already."""
        aside = folder / f".{name}"
        aside.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        os.replace(aside, folder / name)


@dataclass(frozen=True, slots=True)
class Source:
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
            bundled_model.build_model(self.remake)  # also when it is there: four seconds, and it is surely whole
            known = bundled_model.built_fingerprint(self.remake)
        self._export(known, lock)

    def quantised(self, whole: ExportRecord) -> ExportRecord | None:
        """The record of the export's int8 form; None if it was not made yet, or of another export."""
        record = ExportRecord.read(self.export, INT8_RECORD, INT8_FORM)
        return record if record and (record.fingerprint, record.stamp) == (whole.fingerprint, whole.stamp) else None

    def quantise(self, say: Say, lock: int) -> ExportRecord:
        """Make the int8 form, unless another process did so meanwhile."""
        whole = ExportRecord.read(self.export)
        assert whole is not None
        if (record := self.quantised(whole)) is None:
            say(f"Taalmodel {self.model} verkleinen (eenmalig, enkele seconden) …")
            _run_apart("index.model_quantise", [str(self.export)], lock)
            record = self.quantised(whole)
        return record or whole

    def _export(self, known: str | None, lock: int) -> None:
        source = str(self.folder or self.model)
        order = {"model": source, "name": self.model, "stamp": "" if self.bundled else self.stamp(), "known": known}
        _run_apart("index.model_export", [json.dumps(order), str(self.export)], lock)


def _run_apart(module: str, arguments: Sequence[str], lock: int) -> None:
    """Run a module that makes part of a model in a process of its own, so that its memory goes when it is done.

    It holds the lock too: should this process be killed, the next one waits for the export and finds it ready.
    """
    root = str(Path(__file__).resolve().parents[1])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, pass_fds=[lock], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["geen uitleg"])[-1]
        raise ModelError(last if done.returncode == 3 else f"Het taalmodel kon niet worden klaargezet: {last}")


@contextmanager
def only_one(models_dir: Path) -> Iterator[int]:
    """Let one process at a time make models; the lock goes when all who hold its descriptor have ended."""
    models_dir.mkdir(parents=True, exist_ok=True)
    with (models_dir / ".slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def damaged(path: Path, what: str, folder: Path) -> str:
    """The message for a file of an export: what is wrong with it, and that `folder` is to be deleted."""
    return (
        f"Het bestand {path} van het taalmodel {what}. "
        f"Verwijder de map {folder} en start opnieuw: het model wordt dan vanzelf opnieuw gemaakt."
    )
