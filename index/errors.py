"""What can go wrong while indexing and searching. Users see these messages: Dutch, saying what, where and what to do.

SearchIndexError
├── ModelError                the language model cannot be found, made, loaded or trusted
│   └── ModelMismatchError    the index was made with another model than the one that would read the question
├── NoVersionError            nothing has been published yet
├── DamagedVersionError       a published version is not what its manifest says
│   └── OtherFormError        a published version was made by another release of the portal
├── UsageError                the counts of questions and feedback cannot be written or read (index/usage.py)
└── UnknownDocumentError      a document is asked for that the index does not hold
"""

from __future__ import annotations

from pathlib import Path


class SearchIndexError(Exception):
    """Base of all errors of this package."""


class ModelError(SearchIndexError):
    """Raised when the language model cannot be found, made, loaded or trusted. The message is one or two sentences."""


class ModelMismatchError(ModelError):
    """Raised when the index was made with another model than the one that would read the question.

    Vectors of two models cannot be compared; going on would give answers that look right and are not.
    """

    def __init__(self, index_model: str, query_model: str) -> None:
        what = f"met taalmodel '{index_model}'" + (" (andere gewichten)" if index_model == query_model else "")
        super().__init__(
            f"De zoekindex is gemaakt {what}, maar nu is '{query_model}' ingesteld. "
            "Kies het oude model weer, of maak de index opnieuw met: python -m ingest"
        )
        self.index_model = index_model
        self.query_model = query_model


class NoVersionError(SearchIndexError):
    """Raised when nothing has been published yet in a data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Er is nog geen zoekindex in {folder}. Maak die met: python -m ingest")
        self.folder = folder


class DamagedVersionError(SearchIndexError):
    """Raised when a published version is not what its manifest says: a file is gone, cut off or changed."""

    _state = "is beschadigd"

    def __init__(self, version: Path, what: str) -> None:
        super().__init__(
            f"De zoekindex {version.name} {self._state}: {what}. Met 'python -m ingest' maakt u een nieuwe versie."
        )
        self.version = version
        self.what = what


class OtherFormError(DamagedVersionError):
    """Raised when a version was made by another release of the portal, and has another form on disk than ours."""

    _state = "is gemaakt door een andere uitgave van het portaal"

    def __init__(self, version: Path, form: object, ours: int) -> None:
        super().__init__(version, f"de vorm is {form} in plaats van {ours}")


class UnknownDocumentError(SearchIndexError):
    """Raised when a document is asked for that the index does not hold, as an old link may do."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"Document '{document_id}' staat niet (meer) in de zoekindex.")
        self.document_id = document_id
