"""What filters and facets look at, by passage: its document's number, and a bit for each of its portefeuilles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.completing import Spelled
from index.errors import DamagedVersionError
from index.facets import Filters, Rows, year_of
from index.large.arrays import mapped
from index.results import DocumentInfo
from index.versions import Layout

# Which passages a filter lets through is remembered for so many filters: a million passages take a megabyte each.
_REMEMBERED = 16


class Bits:
    """The portefeuilles of passages, gathered one by one."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._sets: dict[tuple[str, ...], int] = {}
        self._own: list[int] = []
        self._blocks: list[NDArray[np.int32]] = []
        self.counts: Counter[str] = Counter()

    def add(self, portefeuilles: tuple[str, ...]) -> None:
        self._own.append(self._sets.setdefault(portefeuilles, len(self._sets)))
        for name in dict.fromkeys(portefeuilles):
            self._places.setdefault(name, len(self._places))
            self.counts[name] += 1

    @property
    def names(self) -> list[str]:
        """The portefeuilles, in the order of their bits."""
        return list(self._places)

    def write(self, file: Path) -> None:
        """Writes (passages, bytes): bit b of a row says whether the passage belongs to portefeuille b."""
        table = np.zeros((max(len(self._sets), 1), len(self._places)), dtype=bool)
        for names, number in self._sets.items():
            table[number, [self._places[name] for name in names]] = True
        packed = np.packbits(table, axis=1, bitorder="little") if self._places else np.zeros((len(table), 1), np.uint8)
        np.save(file, packed[np.array(self._own, dtype=np.int64)], allow_pickle=False)


def write_columns(file: Path, headings: Mapping[str, int], spelled: Spelled, bits: Bits) -> None:
    """Writes what completes a question, and the names of the portefeuilles in the order of their bits."""
    values = {
        "portefeuilles": {name: bits.counts[name] for name in bits.names},
        "headings": headings,
        "accented": spelled.accented,
        "in_addresses": spelled.in_addresses,
    }
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


class Columns:
    """The columns of a published version. Safe to use from several threads."""

    def __init__(self, layout: Layout, passages: int, documents: Sequence[DocumentInfo]) -> None:
        """Raises DamagedVersionError."""
        try:
            values: dict[str, Any] = json.loads(layout.completing.read_text(encoding="utf-8"))
            self.portefeuilles, self.headings, accented, in_addresses = (
                dict(values[name]) for name in ("portefeuilles", "headings", "accented", "in_addresses")
            )
            self.spelled = Spelled(accented, in_addresses)
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise DamagedVersionError(layout.folder, f"{layout.completing.name} is niet te lezen") from error
        width = max(-(-len(self.portefeuilles) // 8), 1)
        self._bits = mapped(layout.portefeuilles, np.uint8, (passages, width))
        self.numbers: NDArray[np.int32] = mapped(layout.document_numbers, np.int32, (passages,))
        self._places = {name: place for place, name in enumerate(self.portefeuilles)}
        self._passages, self._documents = passages, documents
        self._masks: dict[Filters, Rows] = {}
        self._extents: dict[Filters, tuple[int, int]] = {}

    def allowed(self, filters: Filters) -> Rows | None:
        """(passages,) what all filters let through, not to be changed; None if that is everything."""
        if filters == Filters():
            return None
        known = self._masks.get(filters)
        if known is None:
            known = self._told(filters)
            while len(self._masks) >= _REMEMBERED:
                self._masks.pop(next(iter(self._masks)), None)
            self._masks[filters] = known
        return known

    def _told(self, filters: Filters) -> Rows:
        wanted = {name: frozenset(values) for name, values in _by_document(filters).items() if values}
        stays = np.array([all(_value(one, name) in wanted[name] for name in wanted) for one in self._documents], bool)
        allowed: Rows = stays[self.numbers] if wanted else np.ones(self._passages, dtype=bool)
        if filters.portefeuilles:
            allowed = allowed & self.in_portefeuilles(filters.portefeuilles, slice(None))
        return allowed

    def in_portefeuilles(self, names: Sequence[str], rows: NDArray[np.int64] | slice) -> Rows:
        """(n,) which of these passages belong to any of these portefeuilles."""
        wanted = np.zeros(8 * self._bits.shape[1], dtype=bool)
        wanted[[self._places[name] for name in names if name in self._places]] = True
        mask = np.packbits(wanted, bitorder="little")
        bits = self._bits[rows]
        inside: Rows = bits[:, 0] & mask[0] > 0
        for place in range(1, len(mask)):
            inside |= bits[:, place] & mask[place] > 0
        return inside

    def by_portefeuille(self, rows: NDArray[np.int64]) -> dict[str, Rows]:
        """For each portefeuille (n,) which of these passages belong to it, for facets."""
        bits = np.unpackbits(self._bits[rows], axis=1, bitorder="little", count=len(self._places)).astype(bool)
        return {name: bits[:, place] for name, place in self._places.items()}

    def extent(self, filters: Filters) -> tuple[int, int]:
        """How many passages the filters let through, and of how many documents."""
        if filters not in self._extents:
            allowed = self.allowed(filters)
            seen = np.zeros(len(self._documents), dtype=bool)
            seen[self.numbers if allowed is None else self.numbers[allowed]] = True
            count = self._passages if allowed is None else int(allowed.sum())
            if len(self._extents) > 1000:
                self._extents = {}
            self._extents[filters] = count, int(seen.sum())
        return self._extents[filters]


def _by_document(filters: Filters) -> dict[str, tuple[str, ...]]:
    return {
        "id": filters.documents,
        "kind": filters.kinds,
        "publisher": filters.publishers,
        "year": filters.years,
    }


def _value(document: DocumentInfo, name: str) -> str:
    return year_of(document) if name == "year" else str(getattr(document, name))
