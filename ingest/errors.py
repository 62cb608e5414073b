"""What can go wrong while ingesting. A user can see these messages, so they are Dutch: what, which file, what to do.

IngestError
├── CorpusError               the corpus folder or its register cannot be used at all
│   ├── RegisterError         bronnen.toml does not say what it should
│   └── UnknownPortefeuilleError
├── NotKeptError              a file of the bureau cannot be written; it stays as it was
├── UnreadableError           one source cannot be read; its `state` goes into the ledger, the run goes on
└── BusyError                 another run holds the lock
"""

from __future__ import annotations

from pathlib import Path


class IngestError(Exception):
    """Base of all errors of this package."""


class CorpusError(IngestError):
    """Raised when the corpus folder cannot be used at all."""


class RegisterError(CorpusError):
    """Raised when bronnen.toml does not say what it should."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path}: {what}. Verbeter dit in het bronnenregister en start de inlezing opnieuw.")


class UnknownPortefeuilleError(CorpusError):
    """Raised when a portefeuille is named that the VDG does not have."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"Onbekende portefeuille '{name}'. Kies uit: {', '.join(known)}.")


class NotKeptError(IngestError):
    """Raised when one of the bureau's files cannot be read or written at all; it stays as it was."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"Het bestand {path.name} kan niet worden bewaard ({error.strerror}). Er is niets veranderd. Vraag de "
            "beheerder of de schijf vol is, en of het portaal in deze map mag schrijven."
        )


class UnreadableError(IngestError):
    """Raised when one source cannot be read. `state` is the ledger's word for it, `reason` a sentence in Dutch."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


class BusyError(IngestError):
    """Raised when another ingest run holds the lock."""
