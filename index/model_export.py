"""Any SentenceTransformer → an ONNX graph that gives its sentence vectors, checked against the original.

Run by encoder.py in a process of its own:  python -m index.model_export '{"model": …, "name": …}' EXPORT_FOLDER

    EXPORT_FOLDER/model.onnx, model.onnx.data   the whole pipeline: transformer, pooling, what follows it; float32
    EXPORT_FOLDER/tokenizer.json                tokenizers' own form
    EXPORT_FOLDER/pieces.model, pieces.json     the same for sentencepiece, of a tokenizer of its kind
    EXPORT_FOLDER/encoder.json                  ExportRecord

Exit 0 when the folder was written, also for a model that is to be served by sentence-transformers itself; 3 with one
Dutch sentence as the last line of stderr when the model cannot be used at all.

torch's newer exporter (dynamo=True) is used: with torch 2.13 both it and the older one give vectors within 2e-7 of the
original, but it keeps the weights in a file of their own, which ONNX Runtime maps into memory instead of copying
(opening 0.13 s and 620 MB against 1.4 s and 1,160 MB), and the older one is deprecated.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from index.bundled_model import replace_folder
from index.encoder import OnnxEncoder, unit_length
from index.errors import ModelError
from index.exports import ExportRecord
from index.tokens import TOKENIZER, NotPiecesError, write_pieces

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Vectors are unit length, so a component is at most 1. The default model comes within 2e-7; float32 arithmetic in
# another order explains that, and a wrong mask, prompt or pooling gives a hundred times more than this bound.
LARGEST_DIFFERENCE = 1e-4

_log = logging.getLogger(__name__)
# Of unequal length, so that padding is in play; the last one is cut off by every model.
SAMPLES = (
    "Wie?",
    "Wie is voorzitter van de portefeuille Onderwijs en Cultuur?",
    "Één coördinator, € 1.200,50 per jaar: 'geïnitieerd' op 4 december 2025 (O&C).",
    "Gemeenten in Drenthe werken samen aan zorg, wonen, energie en sport. " * 12,
    "De VDG behartigt de belangen van de twaalf Drentse gemeenten. " * 150,
)


def export_model(model: str, name: str, folder: Path, *, stamp: str = "", known: str | None = None) -> ExportRecord:
    """Export `model` (a folder or hub name) into `folder`, written aside and renamed; `name` is what users call it.

    `known` is its fingerprint if that stands elsewhere already. A model that cannot be exported, or whose export gives
    other vectors, gets a record that says that sentence-transformers serves it. Raises ModelError.
    """
    transformer = load_sentence_transformer(model)
    record = ExportRecord(
        name=name,
        fingerprint=known or fingerprint(transformer),
        dimension=len(transformer.encode("a", show_progress_bar=False)),
        max_seq_length=_limit(transformer),
        query_prompt=_prompt(transformer, "query"),
        passage_prompt=_prompt(transformer, "document", "passage", "corpus"),
        served_by="sentence_transformers",
        stamp=stamp,
    )
    with replace_folder(folder) as aside:
        try:
            record = _export(transformer, record, aside)
        except Exception as error:  # what an exporter cannot do, it says in a hundred ways
            _log.warning("%s is not exported, sentence-transformers serves it: %s", name, error)
            for path in aside.iterdir():
                path.unlink()
        record.write(aside)
    return record


@dataclass(frozen=True, slots=True)
class SentenceTransformerEncoder:
    """A model that could not be exported, behind the same interface: slower to start, and torch stays in memory."""

    record: ExportRecord
    transformer: SentenceTransformer

    @classmethod
    def load(cls, model: str, record: ExportRecord) -> Self:
        """Load it anew; the fingerprint is that of what was loaded, should the hub have another by now."""
        transformer = load_sentence_transformer(model)
        return cls(replace(record, fingerprint=fingerprint(transformer)), transformer)

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
        return _encode(self.transformer, self.record.query_prompt, texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        parts = [np.empty((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), 32):
            part = texts[start : start + 32]
            parts.append(_encode(self.transformer, self.record.passage_prompt, part))
            if progress is not None:
                progress(start + len(part))
        return np.concatenate(parts)


def load_sentence_transformer(model: str) -> SentenceTransformer:
    """A folder or hub name → the model, on the processor. Raises ModelError saying what to do."""
    from sentence_transformers import SentenceTransformer

    is_folder = Path(model).is_dir()
    try:
        return SentenceTransformer(model, device="cpu", local_files_only=is_folder or not _hub_answers())
    except Exception as error:  # a dozen sorts, from no network to a cut-off file
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        if is_folder:
            advice = "Kijk of de map een volledig SentenceTransformer-model bevat."
        else:
            advice = (
                "Controleer de naam en de verbinding met de modellenbank, of zet het model op deze computer "
                "en geef de map op."
            )
        raise ModelError(f"Het taalmodel '{model}' kan niet worden geladen. {advice} ({reason})") from error


def _hub_answers() -> bool:
    """Whether the model hub can be reached, asked once for at most five seconds.

    Without it sentence-transformers tries every file of a model again and again: 80 s before it gives up.
    """
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=5.0)
    except Exception:  # the sorts differ from one http client of huggingface_hub to the next
        return False
    return True


def fingerprint(transformer: SentenceTransformer) -> str:
    """sha256 over what decides the vectors: weights, tokenizer, modules and prompts; the same by folder or hub name."""
    import torch

    digest = hashlib.sha256()
    for key, tensor in sorted(transformer.state_dict().items()):
        digest.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().contiguous().cpu().view(torch.uint8).numpy().tobytes())
    modules = [str(module) for module in transformer]
    digest.update(json.dumps([modules, transformer.prompts, transformer.max_seq_length], sort_keys=True).encode())
    digest.update((_tokenizer_json(transformer) or "").encode())
    return digest.hexdigest()


def _limit(transformer: SentenceTransformer) -> int:
    """The longest text in tokens; models that know none say so with None, infinity or 10^30."""
    limit = transformer.max_seq_length or float("inf")
    return int(limit) if limit < 1_000_000 else 512


def _prompt(transformer: SentenceTransformer, *names: str) -> str:
    """The first of these prompts that the model's configuration fills in.

    {'query': 'query: ', 'document': '', 'passage': 'passage: '}, 'document', 'passage' → 'passage: '
    (sentence-transformers puts an empty 'document' there of itself, and would stop at it)
    """
    return next((prompt for name in names if (prompt := transformer.prompts.get(name))), "")


def _encode(transformer: SentenceTransformer, prompt: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """SentenceTransformer's own vectors, as the encoders give them: (n, d), unit length."""
    stripped = [text.strip() for text in texts]
    return unit_length(np.asarray(transformer.encode(stripped, prompt=prompt, show_progress_bar=False)))


def _export(transformer: SentenceTransformer, record: ExportRecord, folder: Path) -> ExportRecord:
    """Write graph and tokenizer, and compare. Raises anything if the model does not lend itself to it."""
    tokenizer = _tokenizer_json(transformer)
    if tokenizer is None:
        raise ValueError("it has no fast tokenizer")
    (folder / TOKENIZER).write_text(tokenizer, encoding="utf-8")
    try:
        write_pieces(folder, record.max_seq_length, SAMPLES)
    except NotPiecesError as reason:
        _log.info("tokenizers cuts the texts of %s: %s", record.name, reason)
    queries = _encode(transformer, record.query_prompt, SAMPLES)
    passages = _encode(transformer, record.passage_prompt, SAMPLES)
    _write_graph(transformer, folder / "model.onnx")
    record = replace(
        record,
        served_by="onnxruntime",
        pad_id=int(transformer.tokenizer.pad_token_id or 0),
        files={path.name: path.stat().st_size for path in sorted(folder.iterdir())},
    )
    served = OnnxEncoder.load(folder, record, remake=folder)
    differences = np.abs([served.encode_queries(SAMPLES) - queries, served.encode_passages(SAMPLES) - passages])
    worst = float(differences.max())
    if not worst <= LARGEST_DIFFERENCE:
        raise ValueError(f"the export gives other vectors (largest difference {worst:.2g})")
    return replace(record, difference=worst)


def _write_graph(transformer: SentenceTransformer, path: Path) -> None:
    """The whole pipeline as one graph with free batch and length.

    Attention is written out ('eager') where the model can: the same sums as torch's own attention operator, without
    the guards against rows that are masked whole, which we never have: 6.7 ms a question against 8.2.
    """
    import torch

    class Pipeline(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(list(transformer))

        def forward(self, *values: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = dict(zip(inputs, values, strict=True))
            for step in self.steps:
                features = step(features)
            vectors: torch.Tensor = features["sentence_embedding"]
            return vectors

    example = transformer.preprocess(["een korte tekst", "een tekst die wat langer is, met meer woorden erin"])
    inputs = tuple(key for key, value in example.items() if isinstance(value, torch.Tensor))
    if not {"input_ids"} <= set(inputs) <= {"input_ids", "attention_mask", "token_type_ids"}:
        raise ValueError(f"it wants inputs that are unknown here: {', '.join(inputs)}")
    model: Any = getattr(transformer[0], "model", None)
    with suppress(Exception):
        model.set_attn_implementation("eager")
    free = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence")}
    with torch.no_grad():
        torch.onnx.export(
            Pipeline().eval(),
            tuple(example[key] for key in inputs),
            str(path),
            dynamo=True,
            external_data=True,
            input_names=list(inputs),
            output_names=["sentence_embedding"],
            dynamic_shapes={"values": tuple(free for _ in inputs)},
            verbose=False,
        )


def _tokenizer_json(transformer: SentenceTransformer) -> str | None:
    """The tokenizer in tokenizers' own form, or None if it has none."""
    backend = getattr(transformer.tokenizer, "backend_tokenizer", None)
    return None if backend is None else str(backend.to_str())


def main(arguments: Sequence[str]) -> int:
    """Do one export, as described at the top."""
    order, folder = json.loads(arguments[0]), Path(arguments[1])
    try:
        export_model(order["model"], order["name"], folder, stamp=order["stamp"], known=order["known"])
    except ModelError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
