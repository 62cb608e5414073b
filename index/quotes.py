"""Where the words of a mailed link stand now: the lines of a page that hold a quote, or of a page near it."""

from __future__ import annotations

from index.backend import Pages
from ingest.documents import Box
from ingest.folding import letters_only


def lines_of_quote(store: Pages, document_id: str, page: int, quote: str) -> tuple[tuple[int, Box], ...]:
    """(page, box) of each line that holds a part of the quote, on the page or on the nearest that has it; () if none.

    Letters and digits alone are compared. Raises UnknownDocumentError.
    """
    wanted = letters_only(quote)
    count = store.document(document_id).pages
    if not wanted:
        return ()
    by_distance = sorted(range(1, count + 1), key=lambda number: (abs(number - page), number))
    return next((found for number in by_distance if (found := _lines_on(store, document_id, number, wanted))), ())


def _lines_on(store: Pages, document_id: str, number: int, wanted: str) -> tuple[tuple[int, Box], ...]:
    """The lines that hold the wanted letters, which may go on over the page's end."""
    lines: list[tuple[int, Box, int, int]] = []
    text, own = "", 0
    for at in (number, number + 1):
        try:
            page = store.page(document_id, at)
        except IndexError:
            break
        for line in page.lines:
            letters = letters_only(line.text)
            lines.append((at, line.box, len(text), len(text) + len(letters)))
            text += letters
        own = own or len(text)
    start = text.find(wanted)
    if start == -1 or start >= own:
        return ()
    end = start + len(wanted)
    return tuple((at, box) for at, box, first, last in lines if first < end and last > start)
