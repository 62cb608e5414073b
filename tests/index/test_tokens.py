"""Texts cut by sentencepiece as tokenizers cuts them, and refused where they would be cut otherwise."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from index.encoder import OnnxEncoder, load_encoder
from index.exports import Source
from index.settings import Settings
from index.tokens import CUTTING, PIECES, TOKENIZER, AnyTokens, NotPiecesError, Pieces, write_pieces

LONGEST = 24
LETTERS = "abcdeïé ﬁ½€\u0301\u200b\t 中"
SAMPLES = ["Wie?", "  de  gemeente\tDrenthe ", "ﬁnanciën ½ €", "", "x" * 100]


def tokenizer() -> Tokenizer:
    """Of sentencepiece's kind, with a few pieces."""
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    draw = random.Random(1)
    pieces = {"▁", *"abcdeïé12€", "▁de", "▁gemeente", "en", "nan", "ab", "abc", "▁ab", "cd", "bcd", "▁½", "1⁄2"}
    vocabulary = [*special, *((piece, -draw.uniform(2, 12)) for piece in sorted(pieces))]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x{9}\x{200b}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    made.add_special_tokens([AddedToken(text, special=True, normalized=False) for text, _ in special])
    return made


def test_tokens_pieces_are_those_of_tokenizers(tmp_path: Path) -> None:
    tokenizer().save(str(tmp_path / TOKENIZER))
    write_pieces(tmp_path, LONGEST, SAMPLES)
    draw = random.Random(2)
    texts = [*SAMPLES, *("q: " + "".join(draw.choices(LETTERS, k=draw.randint(0, 60))).strip() for _ in range(2000))]
    pieces, any_kind = Pieces.load(tmp_path, LONGEST), AnyTokens.load(tmp_path, LONGEST)
    assert pieces.tokens(texts) == any_kind.tokens(texts)
    assert {len(one) for one in pieces.tokens(["x a" * 100])} == {LONGEST}


def test_tokens_what_is_special_is_a_text_like_any_other(tmp_path: Path) -> None:
    tokenizer().save(str(tmp_path / TOKENIZER))
    write_pieces(tmp_path, LONGEST, SAMPLES)
    (ids,) = Pieces.load(tmp_path, LONGEST).tokens(["a</s><pad>b"])
    assert 1 not in ids
    assert ids.index(2) == len(ids) - 1


def spaces_otherwise(made: Any) -> None:
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never", split=True)


def words(made: Any) -> None:
    made.model = models.WordLevel({"a": 0, "<unk>": 1}, unk_token="<unk>")


def lower_case(made: Any) -> None:
    made.normalizer = normalizers.Lowercase()


def nothing_around(made: Any) -> None:
    made.post_processor = processors.ByteLevel()


@pytest.mark.parametrize("change", [spaces_otherwise, words, lower_case, nothing_around])
def test_tokens_of_another_kind_are_refused(tmp_path: Path, change: Callable[[Any], None]) -> None:
    made = tokenizer()
    change(made)
    made.save(str(tmp_path / TOKENIZER))
    with pytest.raises(NotPiecesError):
        write_pieces(tmp_path, LONGEST, SAMPLES)
    assert [path.name for path in tmp_path.iterdir()] == [TOKENIZER]


def test_tokens_that_prove_to_differ_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer().save(str(tmp_path / TOKENIZER))
    monkeypatch.setattr(Pieces, "_prepared", lambda self, text: text.upper())
    with pytest.raises(NotPiecesError, match="another way"):
        write_pieces(tmp_path, LONGEST, SAMPLES)
    assert [path.name for path in tmp_path.iterdir()] == [TOKENIZER]


@pytest.mark.model
def test_tokens_of_the_default_model_are_those_of_tokenizers(real_data: Path) -> None:
    settings = Settings.of_environment()
    export = Source.of(settings.model, settings.models).export
    assert {PIECES, CUTTING} <= set(json.loads((export / "encoder.json").read_text())["files"])
    with sqlite3.connect(next(real_data.glob("index/*/store.sqlite"))) as connection:
        texts = [f"passage: {text}" for (text,) in connection.execute("SELECT text FROM passage")]
    assert Pieces.load(export, 512).tokens(texts) == AnyTokens.load(export, 512).tokens(texts)


@pytest.mark.model
def test_tokens_of_the_default_model_serve(real_data: Path) -> None:
    settings = Settings.of_environment()
    encoder = load_encoder(settings.model, settings.models)
    assert isinstance(encoder, OnnxEncoder)
    assert isinstance(encoder.tokenizer, Pieces)
