"""Who may enter Beheer: a pure decision over what a request brings along, and a thin layer that reads it.

With a provider ([auth] in .streamlit/secrets.toml) only a person who logged in and stands on the list. Without one only
this machine itself, and only a portal that was started for it alone, as `make start` does: it listens here, somebody
said that Beheer is open here, and the connection is from here, to its own name, through no proxy. A proxy can be such
that nothing of it shows, and a visitor's program can send any Host and Origin; that is why somebody must have said it.
In doubt the answer is no.

data/access.toml    toegang = ["a.bos@vdg.nl", "@gemeente.nl"]; goes along in a backup, never into git
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from app_pages import _resources

LIST = "access.toml"
VARIABLE = "ZOEKPORTAAL_BEHEERDERS"
HERE_ALONE = "ZOEKPORTAAL_BEHEER_OP_DEZE_COMPUTER"
# What a proxy leaves behind; any header that begins with one of these will do.
_OF_PROXIES = ("forwarded", "x-forwarded-", "x-real-ip", "via", "x-client-ip", "true-client-ip", "cf-", "x-original-")
# Streamlit's cookies of a login: '_streamlit_user', and further parts of one that is long.
_OF_LOGIN = "_streamlit_user"
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

_HOW_TO_LIST = (
    "Zet de mailadressen van de beheerders in het bestand data/access.toml, zo: "
    'toegang = ["a.bos@vdg.nl", "@gemeente.nl"]. Een adres dat met @ begint, laat iedereen van die organisatie toe.'
)
_HOW_TO_LOG_IN = (
    "Wilt u het beheer ook vanaf een andere computer gebruiken? Laat de ICT-afdeling dan het inloggen instellen. "
    "Hoe dat moet, staat in HANDLEIDING.md bij ‘Inloggen instellen’."
)
_NOT_ALONE = (
    "Het beheer werkt hier pas als het inloggen is ingesteld. Hoe dat moet, staat in HANDLEIDING.md bij ‘Inloggen "
    "instellen’. Draait het portaal alleen voor uzelf, op deze computer? Start het dan met ‘make start’."
)


class NotAllowedError(Exception):
    """Raised when somebody does what he may not (or no longer may); the message is Dutch."""


@dataclass(frozen=True, slots=True)
class AccessList:
    """Who may enter: whole addresses and '@domain', casefolded. `problem` says in Dutch why it could not be read.

    `unconfirmed` lets in addresses of which the provider does not say whether it checked them.
    """

    addresses: frozenset[str] = frozenset()
    unconfirmed: bool = False
    problem: str = ""

    def holds(self, address: str) -> bool:
        """AccessList({'@vdg.nl'}).holds('A.Bos@VDG.nl') → True."""
        name, at, domain = address.strip().casefold().rpartition("@")
        return bool(name and at and domain) and bool({f"{name}@{domain}", f"@{domain}"} & self.addresses)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether somebody may enter; if not, why and what to do, in Dutch. `who` is the address that logged in."""

    allowed: bool
    why: str = ""
    who: str = ""
    can_log_in: bool = False


def decide(
    login: bool,
    address: str | None,
    headers: Iterable[tuple[str, str]],
    user: Mapping[str, object],
    listed: AccessList,
    *,
    alone: bool,
) -> Decision:
    """The decision. `login`: a provider is configured; `address` is the connection's own, None for this machine.
    `alone`: the portal was started for this machine alone.

    (False, '127.0.0.1', [('host', 'localhost:8501'), ('origin', 'http://localhost:8501')], {}, …, alone=True) → allowed
    """
    if login:
        return _by_login(user, listed)
    return _by_place(address, headers) if alone else Decision(False, _NOT_ALONE)


def _by_login(user: Mapping[str, object], listed: AccessList) -> Decision:
    address = str(user.get("email") or "").strip().casefold()
    if not user.get("is_logged_in"):
        return Decision(False, "Deze pagina is voor het bureau. Log in om verder te gaan.", can_log_in=True)
    if listed.problem:
        return Decision(False, listed.problem, address)
    if not listed.addresses:
        return Decision(False, f"Er staat nog niemand op de lijst van beheerders. {_HOW_TO_LIST}", address)
    confirmed = user.get("email_verified")
    if confirmed is not True and not (confirmed is None and listed.unconfirmed):
        why = "Uw inlogdienst heeft dit mailadres niet bevestigd. Vraag de ICT-afdeling om hulp."
        return Decision(False, why, address)
    if not listed.holds(address):
        why = "U bent ingelogd, maar u staat niet op de lijst van beheerders. Vraag het bureau om u erop te zetten."
        return Decision(False, why, address)
    return Decision(True, who=address)


def _by_place(address: str | None, headers: Iterable[tuple[str, str]]) -> Decision:
    """Only this machine itself. The name in Host and Origin keeps out another site that had its name lead to here, and
    a proxy on this machine that tells nothing of itself: the browser's Origin is then that of the site."""
    known = [(name.lower(), value) for name, value in headers]
    if any(name.startswith(_OF_PROXIES) for name, _ in known):
        return Decision(False, f"Het beheer kan alleen op de computer waarop het portaal draait. {_HOW_TO_LOG_IN}")
    hosts = [value for name, value in known if name == "host"]
    origins = [value for name, value in known if name == "origin"]
    named = len(hosts) == 1 and _is_own(f"//{hosts[0]}")
    from_here = len(origins) == 1 and _is_own(origins[0])
    if not (_is_loopback(address) and named and from_here):
        here = "Open het portaal daar als http://localhost:8501."
        why = f"Het beheer kan alleen op de computer waarop het portaal draait. {here} {_HOW_TO_LOG_IN}"
        return Decision(False, why)
    return Decision(True)


def _is_own(address: str) -> bool:
    """'http://localhost:8501' → True, '//127.0.0.1' → True, '//localhost.kwaad.nl' → False, 'null' → False."""
    try:
        parts = urlsplit(address)
        return parts.hostname in _OWN_NAMES and "@" not in parts.netloc
    except ValueError:
        return False


def _is_loopback(address: str | None) -> bool:
    """None is what Streamlit makes of 127.0.0.1 and ::1; whoever has no connection at all has no Host either."""
    if address is None:
        return True
    try:
        one = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(one, "ipv4_mapped", None)
    return bool((mapped or one).is_loopback)


def access_list(data: Path, environment: Mapping[str, str] = os.environ) -> AccessList:
    """Who stands in data/access.toml and in the environment ('a@b.nl, @c.nl')."""
    added = {one.strip().casefold() for one in environment.get(VARIABLE, "").split(",") if one.strip()}
    try:
        told = tomllib.loads((data / LIST).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return AccessList(frozenset(added))
    except (OSError, ValueError) as error:
        return AccessList(problem=f"Het bestand data/{LIST} is niet te lezen ({error}). {_HOW_TO_LIST}")
    names, unconfirmed = told.get("toegang", []), told.get("onbevestigd", False)
    if not isinstance(names, list) or not all(isinstance(one, str) and "@" in one for one in names):
        return AccessList(problem=f"In data/{LIST} staat iets wat geen mailadres is. {_HOW_TO_LIST}")
    if not isinstance(unconfirmed, bool):
        return AccessList(problem=f"In data/{LIST} is ‘onbevestigd’ true of false, zonder aanhalingstekens.")
    return AccessList(frozenset({one.strip().casefold() for one in names} | added), unconfirmed)


# ── What Streamlit knows ─────────────────────────────────────────────────────────────────────────────────────────


def login_is_set() -> bool:
    """Whether a provider is configured. A file with secrets that cannot be read counts as one: nobody gets in then."""
    files = [Path(str(one)) for one in st.get_option("secrets.files") or []]
    if not any(file.exists() for file in files):
        return False
    try:
        return "auth" in st.secrets
    except Exception:  # whatever is wrong with the file: it may hold the provider
        return True


def login_of(cookies: Mapping[str, str]) -> str:
    """Tells one login from another by the signed cookie that Streamlit gave for it; '' for who has none.

    {'_streamlit_user': '"eyJ…"', 'zoekportaal_deel': 'bronnen'} → '5f0c…' (64 signs)
    """
    own = sorted((name, value.strip('"')) for name, value in cookies.items() if name.startswith(_OF_LOGIN))
    return hashlib.sha256(repr(own).encode()).hexdigest() if own else ""


def is_alone(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the portal was started for this machine alone: somebody said so, and it listens nowhere else."""
    said = environment.get(HERE_ALONE, "").strip().lower() in ("ja", "1")
    return said and str(st.get_option("server.address")).casefold() in _OWN_NAMES


def here() -> Decision:
    """The decision for whoever this page is drawn for, as it is now."""
    login = login_is_set()
    headers = [(name, value) for name in st.context.headers for value in st.context.headers.get_all(name)]
    user = dict(st.user.to_dict()) if login else {}
    return decide(login, st.context.ip_address, headers, user, access_list(_resources.SETTINGS.data), alone=is_alone())


def require() -> str:
    """Checks again, at the moment that something is done. Returns who does it; raises NotAllowedError."""
    decision = here()
    if not decision.allowed:
        raise NotAllowedError(decision.why)
    return decision.who
