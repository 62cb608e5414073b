"""How a reader reaches the bureau, as HTML; the bureau says it itself with ZOEKPORTAAL_CONTACT."""

from __future__ import annotations

import re

from app_pages._links import web_address
from app_pages._marking import escape, isolated
from app_pages._parts import outside_link

_MAIL = re.compile(r"[^\s@<>\"'?&:/]+@[^\s@<>\"'?&:/]+\.[^\s@<>\"'?&:/]+")


def contact_html(contact: str) -> str:
    """'a@vdg.nl' → a link to mail, 'https://…' → a link, other words as they are; '' → who to ask instead."""
    told = contact.strip()[:300]
    if not told:
        return "het bureau van de Vereniging van Drentse Gemeenten"
    if _MAIL.fullmatch(told):
        return f'<a href="mailto:{escape(told)}">{escape(told)}</a>'
    return outside_link(told, isolated(told)) if web_address(told) else isolated(told)
