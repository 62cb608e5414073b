"""Questions with the words that answer them. Relevance is judged by quote, document and page, never by passage id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.folding import letters_only


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `quotes` are the alternatives that answer it; empty means: the corpus does not answer it.

    `both` says that documents answer it differently: what two of them say must then be shown.
    """

    id: str
    kind: str
    question: str
    quotes: tuple[str, ...]
    document: str = ""
    pages: tuple[int, ...] = ()
    both: bool = False

    @property
    def answerable(self) -> bool:
        return bool(self.quotes)

    def is_answered_by(self, text: str) -> bool:
        """Whether a passage's text holds one of the quotes, letters, digits and € compared."""
        letters = letters_only(text)
        return any(letters_only(quote) in letters for quote in self.quotes)


class QuestionsError(ValueError):
    """Raised when a file of questions does not have the form that it should; says which line."""


def read_questions(file: Path) -> list[Question]:
    """The questions of a JSONL file, one a line. Raises QuestionsError."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")  # JSON ends lines nowhere else
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{file} is niet te lezen. Geef een bestaand tekstbestand in UTF-8.") from error
    questions: list[Question] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            questions.append(
                Question(
                    id=str(entry["id"]),
                    kind=str(entry.get("kind", "")),
                    question=_text(entry["question"]),
                    quotes=_texts(entry["quotes"]),
                    document=str(entry.get("document") or ""),
                    pages=_pages(entry.get("pages") or []),
                    both=_yes_or_no(entry.get("both") or False),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionsError(f"{file}, regel {number}: geen vraag in de afgesproken vorm ({error})") from error
    return questions


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("question moet tekst zijn")
    return value


def _pages(values: object) -> tuple[int, ...]:
    if not isinstance(values, list) or not all(isinstance(value, int) for value in values):
        raise ValueError("pages moet een lijst van paginanummers zijn")
    return tuple(values)


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("both moet true of false zijn")
    return value


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(value, str) and letters_only(value) for value in values):
        raise ValueError("quotes moet een lijst van teksten zijn")
    return tuple(values)
