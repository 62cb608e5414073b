"""A row of a table by its cells: what a unit says under which column, out of the words by which the row is found."""

from __future__ import annotations

_BETWEEN, _AFTER_NAME = " · ", ": "


def cells_of(text: str, labelled: str) -> tuple[tuple[str, str], ...]:
    """(column's name, words) of each cell of a row, or () if this is no row of a table; a name may be ''.

    `text` is the row as it stands in the source, cells parted by tabs; `labelled` the same with the columns' names:
    'Assen\\t12 %', 'Gemeente: Assen · 2025: 12 %' → (('Gemeente', 'Assen'), ('2025', '12 %'))
    """
    own = [" ".join(cell.split()) for cell in text.split("\t") if cell.strip()]
    cells: list[tuple[str, str]] = []
    for piece in labelled.split(_BETWEEN) if labelled else ():
        name, between, words = piece.partition(_AFTER_NAME)
        cells.append((name.strip(), words.strip()) if between else ("", piece.strip()))
    said = [" ".join(words.split()) for _, words in cells]
    # a lead-in of ordinary bullets says other words than the bullet; a merged cell may stand in labelled alone
    return tuple(cells) if own and any(name for name, _ in cells) and all(cell in said for cell in own) else ()
