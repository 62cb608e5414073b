"""A collection as a table for Dutch Excel: semicolons, a byte order mark, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app_pages._verzameling.exports import Entry

COLUMNS = (
    "volgorde",
    "citaat",
    "documenttitel",
    "uitgever",
    "jaar",
    "pagina",
    "kop",
    "adres",
    "geraadpleegd",
    "opmerking",
)

# A cell that begins so is run by Excel and LibreOffice; the full-width ones count in some languages.
_RUNS = tuple("=+-@\t\r＝＋－＠")


def as_csv(entries: Iterable[Entry]) -> bytes:
    """A row an entry, UTF-8; without the mark Excel would take 'coördinator' for 'coÃ¶rdinator'."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for one in entries:
        texts = (one.quote, one.title, one.publisher, one.year)
        rest = (one.heading, one.address, one.consulted, one.note)
        writer.writerow([one.number, *map(harmless, texts), one.page, *map(harmless, rest)])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that is text to a spreadsheet: '=1+1' → \"'=1+1\"; 'gewoon' stays; '  @SUM(A1)' → \"'  @SUM(A1)\"."""
    # looked at behind white space too, since some programs trim a cell before they read it
    return f"'{cell}" if cell.startswith(_RUNS) or cell.lstrip().startswith(_RUNS) else cell
