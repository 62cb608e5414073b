"""What the pages about portefeuilles share: what the published version tells of each, and which day it is."""

from __future__ import annotations

from datetime import date

import streamlit as st

from index import Searcher
from index.cross_links import CrossLinks, cross_links
from index.profiles import Portefeuille, Profile, portefeuilles_of


def portefeuilles(searcher: Searcher) -> tuple[Portefeuille, ...]:
    """The eight portefeuilles as the searcher's version has them."""
    return _read(searcher, searcher.version)


def links_between(found: tuple[Portefeuille, ...]) -> CrossLinks:
    """Which of them name each other, each by its first handover."""
    return cross_links([profile for one in found if (profile := main_profile(one))])


def main_profile(portefeuille: Portefeuille) -> Profile | None:
    """The profile that is shown: of several handovers the fullest and newest; None if there is none."""
    return next(iter(portefeuille.profiles), None)


def today() -> date:
    """The day from which dates are past or still to come; a test sets it."""
    return date.today()


# All passages of the corpus are read for it (half a second with 17 documents), so it is kept until the next version.
@st.cache_data(max_entries=2, show_spinner=False)
def _read(_searcher: Searcher, version: str) -> tuple[Portefeuille, ...]:
    return portefeuilles_of(_searcher)
