"""The pages of the portal, one file a page; files that begin with an underscore are their parts.

Pages: zoeken.py (ask), document.py (a page of a source), bronnen.py (the ledger). Streamlit runs those as scripts, so
nothing imports them. Parts: _links.py (the address bar), _marking.py (escaping and marking), _picture.py (a page as a
picture), _citation.py (where a quote stands), _parts.py (pieces of HTML), _references.py (who names what, and what is
unread), _ledger.py (the table of sources), _frame.py (header and menu), _resources.py (the cached searcher).
"""

from __future__ import annotations
