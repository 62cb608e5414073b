"""What is searched of a passage by its words: those of its text, and those of all that says what it is about."""

from __future__ import annotations

from index.dutch import Analyser, written
from index.words import PassageWords
from ingest.documents import Passage
from ingest.portefeuilles import PORTEFEUILLES


def words_of(passage: Passage, about: str, analyser: Analyser) -> PassageWords:
    """What is indexed of a passage; `about` is what is searchable of its document."""
    context = _context(passage, about)
    return PassageWords(
        text=analyser.terms(passage.text),
        context=analyser.terms(context),
        written=written(passage.text),
        written_context=written(context),
        lemmas=list(dict.fromkeys(analyser.lemmas(passage.text))),
    )


def about_of(title: str, publisher: str, year: int | None) -> str:
    """'Energievisie 2050', 'Provincie Drenthe', None → 'Energievisie 2050 Provincie Drenthe'."""
    return " ".join(str(part) for part in (title, publisher, year or "") if part)


def _context(passage: Passage, about: str) -> str:
    """The words that help to find a passage and do not stand in it."""
    names = [word for name in passage.portefeuilles for word in (name, PORTEFEUILLES.get(name, ""))]
    lead_ins = dict.fromkeys(unit.lead_in for unit in passage.units if unit.lead_in not in passage.text)
    return " ".join((about, *names, *passage.heading_path, *lead_ins))
