from __future__ import annotations

from dataclasses import replace

import pytest

from index.results import Searched
from index.searched import searched_of, searched_sentence
from ingest.ledger import Change, State
from tests.index.toy import STATUSES


@pytest.mark.parametrize(
    ("searched", "sentence"),
    [
        (Searched(214, 3, 20), "0 van 214 passages in 3 bronnen; 20 bronnen zijn nog niet opgehaald."),
        (Searched(1, 1, 1), "0 van 1 passage in 1 bron; 1 bron is nog niet opgehaald."),
        (Searched(12034, 20, 0), "0 van 12.034 passages in 20 bronnen."),
        (Searched(9, 2, 1, 1), "0 van 9 passages in 2 bronnen; 1 bron kon niet worden gelezen."),
        (
            Searched(9, 2, 5, 2),
            "0 van 9 passages in 2 bronnen; 3 bronnen zijn nog niet opgehaald en 2 bronnen konden niet worden gelezen.",
        ),
    ],
)
def test_searched_sentence_says_how_much_was_searched_and_what_was_not(searched: Searched, sentence: str) -> None:
    assert searched_sentence(searched) == f"Het antwoord staat in {sentence}"


def test_searched_of_counts_what_was_never_here_and_what_could_not_be_read() -> None:
    absent = replace(STATUSES[2], state=State.WACHT_OP_NETWERK)
    locked = replace(absent, state=State.VERSLEUTELD)
    gone = replace(absent, state=State.BESTAND_ONTBREEKT, change=Change.VERVALLEN)
    assert searched_of(9, 2, [STATUSES[0], absent, absent, locked, gone]) == Searched(9, 2, 3, 1)


@pytest.mark.parametrize("state", State)
def test_searched_of_takes_every_state_of_the_ledger(state: State) -> None:
    searched = searched_of(9, 2, [replace(STATUSES[2], state=state)])
    fetched = {
        "gelezen",
        "gescand",
        "versleuteld",
        "beschadigd",
        "leeg",
        "te groot",
        "niet ondersteund",
        "in quarantaine",
    }
    assert searched.unread == any(state.startswith(words) for words in fetched)
