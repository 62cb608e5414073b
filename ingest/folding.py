"""How words are compared: capitals and accents aside, or nothing but their letters. One definition for every room."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case without accents: 'Coördinator' → 'coordinator'."""
    small = text.casefold()
    if small.isascii():  # nothing to take apart, as in nearly all that a search folds
        return small
    decomposed = unicodedata.normalize("NFKD", small)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def letters_only(text: str) -> str:
    """What is compared when the question is 'are these the same words': letters, digits and €, folded.

    '€ 28,2 miljoen' → '€282miljoen', 'VNG-/middelen' → 'vngmiddelen'
    """
    return "".join(char for char in fold(text) if char.isalnum() or char == "€")
