"""What all tests share: a toy encoder, so that no test needs a language model or a network unless it says so."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoder import Encoder


class ToyEncoder:
    """Bags of words: each word of four letters or more points in a direction of its own, told by its digest.

    The same text gives the same vector on every machine, and texts with words in common are near each other.
    """

    def __init__(self, name: str = "toy", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension

    @property
    def fingerprint(self) -> str:
        return f"{self.name}-{self.dimension}"

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        if progress is not None:
            progress(len(texts))
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w{4,}", text.lower()) or ["niets"]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
                vector += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths


@pytest.fixture(scope="session")
def toy_encoder() -> Encoder:
    return ToyEncoder()
