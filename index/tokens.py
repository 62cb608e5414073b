"""A text into the numbers of a model's pieces: by tokenizers, or by sentencepiece for what is of its kind.

tokenizers reads any model's tokenizer.json. Multilingual models have a vocabulary of 250,000 pieces, for which it takes
280 MB and 1.1 s; sentencepiece, which that vocabulary comes from, takes 62 MB and 0.4 s for the very same numbers
(6,448 texts of the handover, 17 reports and the public set: all the same, in a fourteenth of the time). Which of two
ways to cut is taken where both are as likely may differ: ′′′ as ′ ′′ or ′′ ′.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

TOKENIZER, PIECES, CUTTING = "tokenizer.json", "pieces.model", "pieces.json"

# '\x{200b}' in tokenizers' patterns.
_CODE_POINT = re.compile(r"\\x\{([0-9a-f]{1,6})\}")
_SPACE = "▁"
_SPACES = (" ", _SPACE)


class NotPiecesError(ValueError):
    """Raised when a tokenizer is not of sentencepiece's kind, or not one that is known here how to read."""


class Tokens(Protocol):
    """What cuts texts for a model. Safe to use from several threads."""

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """['query: Wie?'] → [[0, 41, 1294, 12, 7621, 32, 2]], cut off where the model does."""


@dataclass(frozen=True, slots=True)
class AnyTokens:
    """tokenizers, for any model."""

    tokenizer: Any

    @classmethod
    def load(cls, folder: Path, longest: int) -> Self:
        """Reads tokenizer.json; raises all sorts if it is damaged."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(longest)
        return cls(tokenizer)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]


@dataclass(frozen=True, slots=True)
class Pieces:
    """sentencepiece, for the tokenizers that `write_pieces` can write."""

    processor: Any
    steps: Sequence[Callable[[str], str]]
    before: Sequence[int]
    after: Sequence[int]
    longest: int

    @classmethod
    def load(cls, folder: Path, longest: int) -> Self:
        """Reads what `write_pieces` wrote; raises all sorts if it is damaged."""
        from sentencepiece import SentencePieceProcessor

        cutting = json.loads((folder / CUTTING).read_text(encoding="utf-8"))
        processor = SentencePieceProcessor(model_file=str(folder / PIECES))
        steps = [_step(step) for step in cutting["steps"]]
        return cls(processor, steps, cutting["before"], cutting["after"], longest)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        room = self.longest - len(self.before) - len(self.after)
        cut = self.processor.encode([self._prepared(text) for text in texts])
        return [[*self.before, *pieces[:room], *self.after] for pieces in cut]

    def _prepared(self, text: str) -> str:
        for step in self.steps:
            text = step(text)
        return text if text.startswith(_SPACES) or not text else f" {text}"


def write_pieces(folder: Path, longest: int, samples: Sequence[str]) -> None:
    """Writes pieces.model and pieces.json out of the tokenizer.json in a folder, and compares them on some texts.

    Raises NotPiecesError, and then writes nothing.
    """
    whole = json.loads((folder / TOKENIZER).read_text(encoding="utf-8"))
    model, spaces, around = whole["model"], whole["pre_tokenizer"] or {}, whole["post_processor"] or {}
    if model.get("type") != "Unigram" or model.get("byte_fallback"):
        raise NotPiecesError("it has no likeliest pieces")
    if (spaces.get("type"), spaces.get("replacement"), spaces.get("prepend_scheme")) != ("Metaspace", _SPACE, "always"):
        raise NotPiecesError("it marks spaces in another way")
    if around.get("type") != "TemplateProcessing":
        raise NotPiecesError("it adds tokens in another way")
    before, after = _around(around)
    normalizer = whole["normalizer"] or {"type": "Sequence", "normalizers": []}
    steps = normalizer["normalizers"] if normalizer["type"] == "Sequence" else [normalizer]
    steps = [_written(step) for step in steps]
    (folder / PIECES).write_bytes(_proto(model["vocab"], model["unk_id"], {one["id"] for one in whole["added_tokens"]}))
    cutting = {"steps": steps, "before": before, "after": after}
    (folder / CUTTING).write_text(json.dumps(cutting, indent=2) + "\n", encoding="utf-8")
    if Pieces.load(folder, longest).tokens(samples) != AnyTokens.load(folder, longest).tokens(samples):
        (folder / PIECES).unlink()
        (folder / CUTTING).unlink()
        raise NotPiecesError("it cuts some texts in another way")


def _around(template: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """The tokens that stand before and after every text."""
    parts = template["single"]
    texts = [place for place, part in enumerate(parts) if "Sequence" in part]
    if len(texts) != 1:
        raise NotPiecesError("it adds tokens in another way")

    def ids(some: Sequence[Mapping[str, Any]]) -> list[int]:
        return [number for part in some for number in template["special_tokens"][part["SpecialToken"]["id"]]["ids"]]

    return ids(parts[: texts[0]]), ids(parts[texts[0] + 1 :])


def _written(step: Mapping[str, Any]) -> list[str]:
    """A step of a normalizer as pieces.json has it: ['NFKC'], or a pattern and what takes its place."""
    if step["type"] in ("NFC", "NFD", "NFKC", "NFKD"):
        return [step["type"]]
    if step["type"] != "Replace":
        raise NotPiecesError(f"it changes texts in a way that is unknown here: {step['type']}")
    pattern = step["pattern"].get("Regex")
    if pattern is None:
        return [re.escape(step["pattern"]["String"]), step["content"]]
    return [_CODE_POINT.sub(lambda found: f"\\U{int(found.group(1), 16):08x}", pattern), step["content"]]


def _step(written: Sequence[str]) -> Callable[[str], str]:
    if len(written) == 1:
        form: Any = written[0]
        return lambda text: unicodedata.normalize(form, text)
    pattern, instead = re.compile(written[0]), written[1]
    return lambda text: pattern.sub(lambda _found: instead, text)


def _proto(vocabulary: Sequence[tuple[str, float]], unknown: int, special: set[int]) -> bytes:
    """sentencepiece's own file: each piece keeps its number; what is special never stands for a text."""
    from sentencepiece import sentencepiece_model_pb2  # its form is protobuf's, which onnx brings along

    pb: Any = sentencepiece_model_pb2
    proto = pb.ModelProto()
    kinds = pb.ModelProto.SentencePiece
    names = {}
    for number, (text, score) in enumerate(vocabulary):
        piece = proto.pieces.add()
        piece.piece, piece.score = text, score
        piece.type = kinds.CONTROL if number in special else kinds.NORMAL
        if number == unknown:
            piece.type, names[number] = kinds.UNKNOWN, text
    trainer, normaliser = proto.trainer_spec, proto.normalizer_spec
    trainer.model_type = pb.TrainerSpec.UNIGRAM
    trainer.unk_id, trainer.unk_piece = unknown, names[unknown]
    trainer.bos_id = trainer.eos_id = trainer.pad_id = -1  # we put these around a text ourselves
    normaliser.name, normaliser.remove_extra_whitespaces = "identity", False
    normaliser.add_dummy_prefix = False  # tokenizers puts none before a space, sentencepiece would
    written: bytes = proto.SerializeToString()
    return written
