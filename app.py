"""The Streamlit entry of the portal: frame and navigation only. Start it with `streamlit run app.py`."""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from app_pages import _frame
from index.errors import NoVersionError, SearchIndexError

HERE = Path(__file__).parent

st.set_page_config(page_title=_frame.NAME, page_icon=str(HERE / "app_pages" / "_icon.png"), layout="centered")

zoeken = st.Page("app_pages/zoeken.py", title=f"Zoeken · {_frame.NAME}", url_path="zoeken", default=True)
document = st.Page("app_pages/document.py", title=f"Document · {_frame.NAME}", url_path="document")
bronnen = st.Page("app_pages/bronnen.py", title=f"Bronnen · {_frame.NAME}", url_path="bronnen")

# The menu is our own (_frame): Streamlit's speaks English to a screen reader and hides itself on a phone.
page = st.navigation([zoeken, document, bronnen], position="hidden")

_frame.show({zoeken: "", document: "document", bronnen: "bronnen"}[page])
try:
    page.run()
except NoVersionError:
    _frame.show_no_version()
except SearchIndexError as error:
    # Our own errors are Dutch and say what to do.
    logging.getLogger("zoekportaal").exception("The index cannot be used")
    _frame.show_failure(str(error))
except Exception:
    # Whatever else goes wrong: the log gets the details, the reader a sentence that he can act on.
    logging.getLogger("zoekportaal").exception("A page failed")
    _frame.show_failure("")
