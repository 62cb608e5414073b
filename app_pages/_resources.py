"""What all pages share: the searcher over the version that is published now.

Opening an index takes a second or more, so one searcher serves every reader of this process. It is cached by the
version it was opened from: after an ingest the next question asks the new one, without a restart.
"""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from index import DocumentInfo, Searcher, open_searcher, published_version
from index.encoder import Encoder, identify, load_encoder
from index.errors import ReplacedVersionError
from index.settings import Settings

# Read once, when the portal starts: the folder with what the ingest made, and the model that it was made with.
SETTINGS = Settings.of_environment()
_REPLACED = "versie-vervangen"


def _tells_something(record: logging.LogRecord) -> bool:
    """False for Streamlit's warning that nobody sees a spinner where the server itself opens the index."""
    return "missing ScriptRunContext" not in record.getMessage()


logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(_tells_something)


def searcher() -> Searcher:
    """The searcher over the published version. Raises NoVersionError if nothing was ingested yet."""
    return _opened(SETTINGS.data, version())


def version() -> str | None:
    """The name of the published version; None if nothing was ingested yet. One small read."""
    return published_version(SETTINGS.data, SETTINGS.backend)


def document_of(searcher: Searcher, document_id: str) -> DocumentInfo | None:
    """The document of this id in a searcher's version; None if it has none, as after an old link."""
    return next((document for document in searcher.documents() if document.id == document_id), None)


def may_draw_again(replaced: ReplacedVersionError) -> bool:
    """Whether a page of which the version was replaced can be drawn again: once for each version, and no more."""
    last, st.session_state[_REPLACED] = st.session_state.get(_REPLACED), str(replaced)
    return last != str(replaced)


def query_params() -> dict[str, list[str]]:
    """The address bar's parameters as they came in, untrusted: '?v=a&v=b' → {'v': ['a', 'b']}."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


# Two entries: readers who are in the middle of a question keep the old version while the new one is opened.
@st.cache_resource(max_entries=2, show_spinner="De zoekindex wordt geopend …")
def _opened(data: Path, version: str | None) -> Searcher:
    """Open the published version; `version` is only the key of the cache."""
    return open_searcher(
        data,
        model=SETTINGS.model,
        models=SETTINGS.models,
        precision=SETTINGS.precision,
        backend=SETTINGS.backend,
        load=_encoder,
    )


def _encoder(model: str, models: Path, precision: str) -> Encoder:
    """The encoder of a model, one for all versions: to load it takes longer than to open a version."""
    return _loaded(model, models, precision, identify(model, models))


@st.cache_resource(max_entries=1, show_spinner=False)
def _loaded(model: str, models: Path, precision: str, fingerprint: str | None) -> Encoder:
    """Load the encoder; `fingerprint` is only part of the key: a model that was made anew is loaded anew."""
    return load_encoder(model, models, precision=precision)
