"""What `python -m ingest` is told: one run, a task, or to go on watching."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Folders, model, what to do, and how to report.

    `backend` is the address of a server to publish on as well, `precision` the one in which questions will be read.
    """

    corpus: Path
    data: Path
    models: Path
    model: str
    offline: bool = False
    as_json: bool = False
    watch: bool = False
    rollback: bool = False
    forget: str = ""
    readmit: str = ""
    export_to: Path | None = None
    import_from: Path | None = None
    backend: str = ""
    precision: str = ""

    @property
    def has_task(self) -> bool:
        """Whether something else than an ingest is asked for."""
        return bool(self.rollback or self.forget or self.readmit or self.export_to or self.import_from)

    @property
    def needs_corpus(self) -> bool:
        """Whether there is nothing to do without the folder with sources."""
        return not (self.import_from or self.rollback or self.forget)


def settings_of(arguments: Sequence[str] | None, corpus: Path, data: Path, models: Path, model: str) -> RunSettings:
    """The settings; `corpus` and `data` where the arguments name no other. Wrong usage ends the program with 2."""
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Leest de bronnen in en publiceert een nieuwe versie van de zoekindex."
    )
    parser.add_argument("--corpus", type=Path, default=corpus, help="map met documenten (standaard: corpus/)")
    parser.add_argument("--data", type=Path, default=data, help="map voor wat er gemaakt wordt")
    parser.add_argument("--offline", action="store_true", help="haal niets op van het internet")
    parser.add_argument("--json", action="store_true", dest="as_json", help="geef het verslag als JSON")
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--watch", action="store_true", help="blijf de map volgen en lees in wat er verandert")
    task.add_argument("--rollback", action="store_true", help="zet de vorige versie terug")
    task.add_argument("--forget", metavar="ID", default="", help="verwijder een document voorgoed uit het portaal")
    task.add_argument("--readmit", metavar="ID", default="", help="laat een verwijderd document weer toe")
    task.add_argument("--export", type=Path, metavar="BESTAND", dest="export_to", help="maak een reservekopie")
    task.add_argument("--import", type=Path, metavar="BESTAND", dest="import_from", help="zet een reservekopie terug")
    return RunSettings(models=models, model=model, **vars(parser.parse_args(arguments)))
