"""Placeholder until its room is built."""

from __future__ import annotations

from app_pages import _frame
from app_pages._parts import title_html

_frame.put(title_html("Eerste dag"))
