"""Runs of the ingest, started from Beheer: each in a process of its own, which nobody's browser can stop.

The process has a session of its own and tells how far it is in a file (ingest/progress.py), so that everybody sees the
same run. The lock of the ingest sees to it that there is one at a time, wherever it was started.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app_pages._parts import dutch_date
from index.errors import OtherFormError, SearchIndexError
from index.settings import ROOT, Settings
from index.versions import Layout, current_version, read_manifest, versions
from ingest.progress import REPORT, Outcome, RunState, Teller, last_run

LOG = Path("cache") / "inlezing.log"
# Going back checks every byte of a version first; half a minute for a large one.
_ROLLBACK_SECONDS = 300
# What is said of a version that cannot be read; the errors themselves speak to whoever has a command line.
_OLDER, _DAMAGED = "Deze is gemaakt met een andere versie van het programma.", "Deze is beschadigd."
_NO_WAY_BACK = "Hiernaar kunt u niet terug."
_starting = threading.Lock()


class RunProblem(Exception):  # noqa: N818
    """Raised when a run or a rollback cannot be started, or failed. The message is Dutch."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version on disk: its name, when it was made, in Dutch, how much it holds; `problem` if it cannot be read."""

    name: str
    made: str
    current: bool
    documents: int = 0
    passages: int = 0
    problem: str = ""


def start(settings: Settings, more: Sequence[str] = ()) -> None:
    """Starts a run. Raises RunProblem if one goes on already, or it cannot be started."""
    with _starting:
        going = last_run(settings.data)
        if going and going.outcome is Outcome.LOOPT:
            raise RunProblem("Er loopt al een inlezing. Klik op ‘Nu inlezen’ als die klaar is.")
        log = settings.data / LOG
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as file:
                process = subprocess.Popen(
                    [*_command(settings), "--json", *more],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,  # the report lies in a file, and what it quotes need not be in a log
                    stderr=file,
                    start_new_session=True,
                )
        except OSError as error:
            raise RunProblem(f"De inlezing kan niet worden gestart: {error.strerror}.") from error
        Teller(settings.data, process.pid)  # so that everybody sees it from now on, and not only once it is awake
        # somebody must wait for a process that ends, or it stays in the system's list
        threading.Thread(target=process.wait, daemon=True, name="inlezing").start()


def roll_back(settings: Settings) -> str:
    """Lets the version before answer again; returns what was done, in Dutch. Raises RunProblem."""
    try:
        done = subprocess.run(
            [*_command(settings), "--json", "--rollback"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ROLLBACK_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RunProblem("Het terugzetten is niet gelukt. Probeer het nog eens.") from error
    if done.returncode != 0:
        raise RunProblem(_last_line(done.stderr) or "Het terugzetten is niet gelukt. Probeer het nog eens.")
    warnings = json.loads(done.stdout)["warnings"]
    now = current_version(settings.data)
    said = (
        f"De versie van {moment_of(now or '')} geeft nu antwoord. Let op: de volgende inlezing leest weer wat er dan "
    )
    said += "in de map met bronnen staat. Verbeter dus eerst die bronnen, anders komt de fout terug."
    return " ".join([*map(str, warnings), said])


def how_it_ended(data: Path, run: RunState) -> str:
    """What is to be said of a run that ended, in Dutch; of one that fell away the log's last words."""
    if run.outcome is Outcome.MISLUKT and current_version(data):
        return f"{run.message} De vorige versie blijft antwoorden."
    if run.outcome is Outcome.KLAAR and run.version and run.version != current_version(data):
        return "Zij maakte een nieuwe versie. Daarna is een andere versie teruggezet: zie hieronder bij ‘Versies’."
    if run.outcome is not Outcome.WEGGEVALLEN:
        return run.message
    why = ""
    with suppress(OSError):
        why = _last_line((data / LOG).read_text(encoding="utf-8", errors="replace"))
    said = "De inlezing is gestopt zonder dat zij klaar was. De vorige versie blijft antwoorden. Start haar opnieuw."
    return f"{said} Het laatste bericht: {why}" if why else said


def last_report(data: Path) -> dict[str, Any] | None:
    """What the last run that published said; None if there is none."""
    try:
        told = json.loads((data / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def versions_of(data: Path) -> list[Version]:
    """The versions on disk, youngest first."""
    current = current_version(data)
    found = []
    for name in reversed(versions(data)):
        try:
            manifest = read_manifest(Layout(data / "index" / name))
        except OtherFormError:
            found.append(Version(name, moment_of(name), name == current, problem=f"{_OLDER} {_NO_WAY_BACK}"))
        except SearchIndexError:
            found.append(Version(name, moment_of(name), name == current, problem=f"{_DAMAGED} {_NO_WAY_BACK}"))
        else:
            found.append(Version(name, moment_of(name), name == current, manifest.documents, manifest.passages))
    return found


def moment_of(version: str) -> str:
    """'20261125T102531534293Z' → '25 november 2026, 11:25'; a name that tells no moment stays as it is."""
    try:
        moment = datetime.strptime(version.partition(".")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
    except ValueError:
        return version
    return in_dutch(moment)


def told_at(seconds: float) -> str:
    """A moment in seconds since 1970, as RunState has it, in Dutch."""
    return in_dutch(datetime.fromtimestamp(seconds, UTC))


def in_dutch(moment: datetime) -> str:
    """A moment as a clock in Drenthe showed it: '25 november 2026, 11:25'."""
    local = moment.astimezone(ZoneInfo("Europe/Amsterdam"))
    return f"{dutch_date(local.date().isoformat())}, {local:%H:%M}"


def _command(settings: Settings) -> list[str]:
    return [sys.executable, "-m", "ingest", "--corpus", str(settings.corpus), "--data", str(settings.data)]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""
