"""What was fetched, kept: the bytes under their digest, and beside them a small JSON with what is known about them.

    fetched/<key>.json               the record: address, digest, validators, history
    fetched/<key>-<digest>.<kind>    the bytes that the record speaks of

The key is made from the address. The bytes are written first, under a name that nothing refers to yet, and the record
is then replaced in one step: whenever the power fails, the record that is there speaks of bytes that are there.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.writing import write_whole

# One day with one outcome is one line; a source that is followed for years keeps its last hundred.
_HISTORY = 100
# Two dead days may be a weekend's move of a web site; three are what the bureau is told about.
_DAYS_UNTIL_GONE = 3
_DEAD = (404, 410)

READ = "gelezen"
UNCHANGED = "ongewijzigd"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found: `date` as 2026-11-23T22:00:00+00:00, `outcome` in the ledger's words, `status` (0: none)."""

    date: str
    outcome: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an address. `digest` is empty while nothing was ever fetched from it."""

    address: str
    final_address: str = ""
    fetched_at: str = ""
    digest: str = ""
    kind: str = ""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    history: tuple[Run, ...] = ()

    @property
    def checked_at(self) -> str:
        """When it was last asked for; '' if never."""
        return self.history[-1].date if self.history else ""


def is_gone(history: Sequence[Run], days: int = _DAYS_UNTIL_GONE) -> bool:
    """Whether a source has gone: 404 or 410 on three different days, and no other answer since the first of them.

    Days without an answer (no network, an outage, a time-out) say nothing either way and are passed over.
    """
    dead: set[str] = set()
    for run in reversed(history):
        if run.status in _DEAD:
            dead.add(run.date[:10])
        elif _answered(run):
            break
    return len(dead) >= days


def _answered(run: Run) -> bool:
    """Whether the source showed that it is there: it came, or it wants a log-in. A 5xx or 429 shows nothing."""
    return run.outcome in (READ, UNCHANGED) or 200 <= run.status < 300 or run.status in (304, 401, 403)


def with_run(record_history: Sequence[Run], run: Run) -> tuple[Run, ...]:
    """The history with a run added; what happened before on the same day with the same outcome is one with it."""
    history = list(record_history)
    if history and _same_day(history[-1], run):
        history.pop()
    return (*history, run)[-_HISTORY:]


def _same_day(one: Run, other: Run) -> bool:
    return (one.date[:10], one.outcome, one.status) == (other.date[:10], other.outcome, other.status)


class Shelf:
    """A folder with what was fetched. Addresses are given in their normalised form."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writing = threading.Lock()

    def record(self, address: str) -> Record:
        """What is known of an address; an empty record if nothing is, or if the file cannot be read."""
        try:
            fields: dict[str, Any] = json.loads(self._record_path(address).read_text(encoding="utf-8"))
            history = tuple(Run(**run) for run in fields.pop("history"))
            record = Record(**fields, history=history)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return Record(address)
        return record if record.address == address and _is_whole(record) else Record(address)

    def content(self, record: Record) -> bytes | None:
        """The bytes of a record; None if there are none, or they are not what they were."""
        if not record.digest:
            return None
        try:
            data = self._content_path(record).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == record.digest else None

    def keep(self, record: Record, data: bytes | None = None) -> None:
        """Writes a record, with new bytes if they are given; what was there before goes only when both are on disk.

        Raises OSError (a full disk, say); what was kept is then as it was.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(record), ensure_ascii=False, indent=2)
        with self._writing:
            if data is not None:
                write_whole(self._content_path(record), data, rights=0o600)
            write_whole(self._record_path(record.address), text.encode("utf-8", "replace"), rights=0o600)
            if data is not None:
                self._clear(record.address, besides=self._content_path(record))

    def forget(self, address: str) -> bool:
        """Removes all that was kept of an address; whether there was anything."""
        known = self._record_path(address).exists() or any(self._contents(address))
        self._clear(address)
        self._record_path(address).unlink(missing_ok=True)
        return known

    def _clear(self, address: str, besides: Path | None = None) -> None:
        for path in self._contents(address):
            if path != besides:
                with suppress(OSError):
                    path.unlink()

    def _contents(self, address: str) -> list[Path]:
        key = _key(address)
        return [*self.folder.glob(f"{key}-*"), *self.folder.glob(f".{key}*")]  # the latter: of a killed run

    def _record_path(self, address: str) -> Path:
        return self.folder / f"{_key(address)}.json"

    def _content_path(self, record: Record) -> Path:
        return self.folder / f"{_key(record.address)}-{record.digest[:16]}.{record.kind}"


def stamp(moment: datetime) -> str:
    """A moment as it is written in records: to the second, with its offset."""
    return moment.isoformat(timespec="seconds")


def _key(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_whole(record: Record) -> bool:
    """Whether every field is of its own type, and the names made from them stay within the folder."""
    texts = [value for name, value in asdict(record).items() if name != "history"]
    if not all(isinstance(text, str) for text in texts):
        return False
    if not all(isinstance(run.date, str) and isinstance(run.status, int) for run in record.history):
        return False
    return not record.digest or (record.digest.isalnum() and record.kind.isalnum())
