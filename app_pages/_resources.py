"""What all pages share: the searcher over the version that is published now.

Opening an index takes a second or more, so one searcher serves every reader of this process. It is cached by the
version it was opened from: after an ingest the next question asks the new one, without a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from index import DocumentInfo, Searcher, open_searcher, published_version
from index.errors import SearchIndexError
from index.settings import Settings
from index.usage import Usage

# Read once, when the portal starts: the folder with what the ingest made, and the model that it was made with.
SETTINGS = Settings.of_environment()


def _tells_something(record: logging.LogRecord) -> bool:
    """False for Streamlit's warning that nobody sees a spinner where the server itself opens the index."""
    return "missing ScriptRunContext" not in record.getMessage()


logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(_tells_something)


def searcher() -> Searcher:
    """The searcher over the published version. Raises NoVersionError if nothing was ingested yet."""
    return _opened(SETTINGS.data, published_version(SETTINGS.data, SETTINGS.backend))


def document_of(searcher: Searcher, document_id: str) -> DocumentInfo | None:
    """The document of this id in a searcher's version; None if it has none, as after an old link."""
    return next((document for document in searcher.documents() if document.id == document_id), None)


@asynccontextmanager
async def opened_early(app: object) -> AsyncIterator[None]:
    """Opens the index while the server starts, so that the first reader does not wait for it."""
    opening = asyncio.create_task(asyncio.to_thread(_open_quietly))
    yield
    await opening


def _open_quietly() -> None:
    try:
        Usage(SETTINGS.data, keep_questions=SETTINGS.keep_questions).tidy()
        searcher()
    except SearchIndexError:
        pass  # each page says what is wrong, in Dutch
    except Exception:
        logging.getLogger("zoekportaal").exception("The index could not be opened at the start")


def query_params() -> dict[str, list[str]]:
    """The address bar's parameters as they came in, untrusted: '?v=a&v=b' → {'v': ['a', 'b']}."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


# Two entries: readers who are in the middle of a question keep the old version while the new one is opened.
@st.cache_resource(max_entries=2, show_spinner="De zoekindex wordt geopend …")
def _opened(data: Path, version: str | None) -> Searcher:
    """Open the published version; `version` is only the key of the cache."""
    return open_searcher(
        data, model=SETTINGS.model, models=SETTINGS.models, precision=SETTINGS.precision, backend=SETTINGS.backend
    )
