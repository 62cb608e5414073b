"""Where things are and which model reads: told once, by environment variables, at each entry point."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.exports import DEFAULT_MODEL, FLOAT32, INT8, MODELS_DIR, PRECISIONS

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` is the folder with what the ingest made, `models` the one with models, `model` names the model.

    `corpus` is the folder with the sources, which the ingest reads and the bureau edits. `keep_questions` says whether
    the text of questions without an answer is kept (index/usage.py), `contact` how readers reach the bureau.
    `backend` is the address of a PostgreSQL server that keeps the versions; without one the data folder does.
    `precision_wanted` is FLOAT32, INT8 or '' for what is usual; see `precision`.
    """

    data: Path
    models: Path
    model: str
    corpus: Path = ROOT / "corpus"
    keep_questions: bool = False
    contact: str = ""
    backend: str = ""
    precision_wanted: str = ""

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """ZOEKPORTAAL_DATA, _MODELS, _MODEL, _PRECISIE, _CORPUS, _VRAGEN_BEWAREN, _CONTACT and _BACKEND.

        What is empty is not set, nor is a precision that does not exist.
        """
        wanted = environment.get("ZOEKPORTAAL_PRECISIE", "").strip().lower()
        return cls(
            data=Path(environment.get("ZOEKPORTAAL_DATA") or ROOT / "data"),
            models=Path(environment.get("ZOEKPORTAAL_MODELS") or MODELS_DIR),
            model=environment.get("ZOEKPORTAAL_MODEL") or DEFAULT_MODEL,
            corpus=Path(environment.get("ZOEKPORTAAL_CORPUS") or ROOT / "corpus"),
            # anything but a plain yes is a no: what people type is kept by nobody's mistake
            keep_questions=environment.get("ZOEKPORTAAL_VRAGEN_BEWAREN", "").strip().lower() in ("ja", "1"),
            contact=environment.get("ZOEKPORTAAL_CONTACT", "").strip(),
            backend=environment.get("ZOEKPORTAAL_BACKEND", "").strip(),
            precision_wanted=wanted if wanted in PRECISIONS else "",
        )

    @property
    def precision(self) -> str:
        """That in which questions are read: int8 for the model on which that was measured, float32 for any other.

        Passages are always embedded in float32 (index/model_quantise.py says why).
        """
        return self.precision_wanted or (INT8 if self.model == DEFAULT_MODEL else FLOAT32)
