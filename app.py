"""The Streamlit entry of the portal: frame and navigation only. Start it with `streamlit run app.py`.

Streamlit reads this file in two ways: imported, for the web server's `app`; run as a script, to draw a reader's page.
"""

from __future__ import annotations

import logging
from pathlib import Path

import streamlit as st

from app_pages import _frame, _resources, _server, _upkeep, _usage
from index.errors import NoVersionError, ReplacedVersionError, SearchIndexError

HERE = Path(__file__).parent

if __name__ != "__main__":
    app = st.App(HERE / "app.py", routes=_server.routes(), middleware=_server.middleware(), lifespan=_upkeep.upkeep)
else:
    st.set_page_config(page_icon=str(HERE / "app_pages" / "_icon.png"), layout="centered")
    pages = {
        st.Page(
            f"app_pages/{place.module}.py",
            title=f"{place.title} · {_frame.NAME}",
            url_path=place.path or "zoeken",
            default=not place.path,
        ): place
        for place in _frame.PLACES
    }
    # The menu is our own (_frame): Streamlit's speaks English to a screen reader and hides itself on a phone.
    page = st.navigation(list(pages), position="hidden")
    _frame.show(pages[page])
    try:
        page.run()
    except NoVersionError:
        _frame.show_no_version()
    except ReplacedVersionError as error:
        # A server that published several versions since this page began: it is drawn again, from the newest.
        if _resources.may_draw_again(error):
            st.rerun()
        _frame.show_failure(str(error))
    except SearchIndexError as error:
        # Our own errors are Dutch and say what to do.
        logging.getLogger("zoekportaal").exception("The index cannot be used")
        _frame.show_failure(str(error))
    except Exception:
        # Whatever else goes wrong: the log gets the details, the reader a sentence that he can act on.
        logging.getLogger("zoekportaal").exception("A page failed")
        _frame.show_failure("")
    _frame.show_foot(pages[page])
    _usage.settle()  # last of all: nobody waits for a count
