"""The box in which a reader types what he seeks, with its button: the same on every page that has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st


def search_box(
    form: str, label: str, key: str, limit: int, asked: Callable[..., None] | None = None, *args: object
) -> bool:
    """Draws box and button; whether the button was just pressed. What is typed stands in the session under `key`.

    `asked` is called with `args` before the page is drawn anew; the page that has one is about this box, so its button
    stands out.
    """
    with st.form(form, border=False):
        box, button = st.columns([5, 1], vertical_alignment="bottom")
        box.text_input(label, key=key, max_chars=limit, placeholder="", autocomplete="off")
        kind: Literal["primary", "secondary"] = "primary" if asked else "secondary"
        return button.form_submit_button("Zoeken", type=kind, width="stretch", on_click=asked, args=args)


def typed_in(key: str) -> str:
    """What was typed in a box, on one line without spaces around it."""
    return " ".join(str(st.session_state[key]).split())
