"""Everyone whom the published version names: read out of all its passages, once for each version."""

from __future__ import annotations

import streamlit as st

from index import Searcher
from index.people_search import People


def people(searcher: Searcher) -> People:
    """The people of the searcher's version. The server reads them as soon as it is published (_upkeep.py)."""
    return _read(searcher.version, searcher)


# Two entries, as of the searcher itself: readers of the version before may still be looking.
@st.cache_resource(max_entries=2, show_spinner="De mensen worden opgezocht …")
def _read(version: str, _searcher: Searcher) -> People:
    """`version` is the key of the cache. Who asks while another reads it waits for that one."""
    documents = _searcher.documents()
    return People([passage for document in documents for passage in _searcher.passages(document.id)])
