"""The pages of the portal, one file a page: zoeken.py (ask), document.py (a page of a source) and so on.

Streamlit runs those as scripts, so nothing imports them. What a page is made of stands in the folder of its room:
_zoeken/, _document/, _portefeuilles/, _wie_is_wie/, _bronnen/, _verzameling/, _beheer/. What all rooms share stands
here, in files that begin with an underscore: _frame.py (header and menu), _links.py (the address bar), _marking.py
(escaping and marking), _parts.py and _rows.py (pieces of HTML), _resources.py (the cached searcher), _usage.py (what is
counted); and of the web server _server.py, _files.py, _health.py and _upkeep.py.
"""

from __future__ import annotations
