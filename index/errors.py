"""What can go wrong while indexing and searching. Users see these messages: Dutch, saying what, where and what to do.

SearchIndexError
├── ModelError                the language model cannot be found, made, loaded or trusted
│   └── ModelMismatchError    the index was made with another model than the one that would read the question
├── NoVersionError            nothing has been published yet
├── DamagedVersionError       a published version is not what its manifest says
│   └── OtherFormError        a published version was made by another release of the portal
├── BackendError              the server that keeps the versions cannot be reached, or refuses
│   └── ReplacedVersionError  it no longer has a version that is still open here
├── UsageError                the counts of questions and feedback cannot be written or read (index/usage.py)
└── UnknownDocumentError      a document is asked for that the index does not hold
"""

from __future__ import annotations

import re
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

    def __init__(self, folder: Path | str) -> None:
        super().__init__(f"Er is nog geen zoekindex in {folder}. Maak die met: python -m ingest")
        self.folder = folder


class BackendError(SearchIndexError):
    """Raised when the server that keeps the versions cannot be reached, or answers what it should not."""

    def __init__(self, address: str, error: Exception) -> None:
        what = " ".join(str(error).split())
        super().__init__(
            f"De databank van het portaal ({public_address(address)}) geeft geen antwoord: {what}. "
            "Vraag de beheerder of de server draait en of ZOEKPORTAAL_BACKEND klopt."
        )


class ReplacedVersionError(BackendError):
    """Raised when a server no longer has a version that is still open here: some have been published since."""

    def __init__(self, version: str) -> None:
        SearchIndexError.__init__(self, f"Versie {version} is intussen vervangen. Stel de vraag opnieuw.")


def public_address(address: str) -> str:
    """An address without what must not be read on a page or in a log.

    'postgresql://jan:geheim@db/vdg?password=geheim' → 'postgresql://db/vdg'
    """
    return re.sub(r"//[^@/]*@", "//", address).partition("?")[0]


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
