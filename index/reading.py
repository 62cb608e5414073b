"""How a question was read, in Dutch sentences: what was taken literally, left out, added, and put first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.results import SearchResult

# More than these would not be read: of an abbreviation with many meanings, of a year's documents.
_ALSO_SHOWN, _DOCUMENTS_SHOWN = 5, 3


def correction_sentence(typed: str, read_as: str) -> str:
    """('warmtetranistie', 'warmtetransitie') → 'Gezocht naar warmtetransitie (u typte warmtetranistie).'"""
    return f"Gezocht naar {read_as} (u typte {typed})."


def reading_sentences(result: SearchResult, titles: Mapping[str, str]) -> list[str]:
    """How the question was read beside its corrections; `titles` has the documents' titles by id.

    '"Zilveren Kruis" -jeugd' → ['Alleen passages met "Zilveren Kruis".', 'Zonder: jeugd.']
    """
    reading = result.reading
    sentences: list[str] = []
    if reading.phrases:
        quoted = [f'"{phrase}"' for phrase in reading.phrases]
        sentences.append(f"Alleen passages met {_listed(quoted)}.")
    if reading.excluded:
        sentences.append(f"Zonder: {', '.join(reading.excluded)}.")
    if (reading.phrases or reading.excluded) and not result.hits:
        sentences.append("Er is geen passage die hieraan voldoet.")
    if reading.also:
        sentences.append(f"Ook gezocht op: {', '.join(reading.also[:_ALSO_SHOWN])}.")
    named = [f"‘{titles.get(one, one)}’" for one in reading.documents[:_DOCUMENTS_SHOWN]]
    if named and len(reading.documents) <= _DOCUMENTS_SHOWN:
        sentences.append(f"U noemt {_listed(named)}. Passages daaruit staan hoger.")
    return sentences


def _listed(words: Sequence[str]) -> str:
    """['a', 'b', 'c'] → 'a, b en c'."""
    return " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
