"""How fetching fails: the ledger's state for it and a reason in Dutch, whoever raised the exception."""

from __future__ import annotations

import ssl
import zlib
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

import httpcore2
import httpx2

from ingest.connect import OverdueError, RefusedAddressError, causes_of, is_unreachable
from ingest.errors import IngestError


class FetchState(StrEnum):
    """How fetching can end without a (new) file, in the ledger's words."""

    DODE_LINK = "dode link"
    INLOGGEN_VEREIST = "inloggen vereist"
    STORING = "storing bij de bron"
    TIME_OUT = "time-out"
    ADRES_GEWEIGERD = "adres geweigerd"
    WACHT_OP_NETWERK = "wacht op netwerk"
    TE_GROOT = "te groot"
    NIET_ONDERSTEUND = "niet ondersteund"
    LEEG = "leeg"


class FetchError(IngestError):
    """Raised when an address gives no file: the state, the reason in Dutch, and HTTP's status (0: no answer)."""

    def __init__(self, state: FetchState, sentence: str, url: str, status: int = 0, **fields: object) -> None:
        self.state = state
        self.reason = sentence.format(address=url[:200], host=host_of(url), status=status, **fields)
        self.status = status
        super().__init__(self.reason)


def host_of(url: str) -> str:
    """'https://www.vdg.nl/stukken' → 'www.vdg.nl'; what has no host comes back itself."""
    try:
        return urlsplit(url).hostname or url[:200]
    except ValueError:
        return url[:200]


# What others raise, and the state that it means; a class stands for those below it.
STATES: Mapping[type[Exception], FetchState] = {
    RefusedAddressError: FetchState.ADRES_GEWEIGERD,
    OverdueError: FetchState.TIME_OUT,
    httpx2.TimeoutException: FetchState.TIME_OUT,
    httpcore2.TimeoutException: FetchState.TIME_OUT,
    httpx2.InvalidURL: FetchState.ADRES_GEWEIGERD,
    httpx2.UnsupportedProtocol: FetchState.ADRES_GEWEIGERD,
    httpcore2.UnsupportedProtocol: FetchState.ADRES_GEWEIGERD,
    httpx2.HTTPError: FetchState.STORING,  # connection lost, protocol broken, TLS refused, …
    httpx2.StreamError: FetchState.STORING,
    httpx2.CookieConflict: FetchState.STORING,
    httpcore2.NetworkError: FetchState.STORING,
    httpcore2.ProtocolError: FetchState.STORING,
    httpcore2.ProxyError: FetchState.STORING,
    httpcore2.ConnectionNotAvailable: FetchState.STORING,
    zlib.error: FetchState.STORING,
    ValueError: FetchState.ADRES_GEWEIGERD,  # UnicodeError among them: a name that cannot be a host's
    OSError: FetchState.STORING,
}


def state_of(error: Exception) -> FetchState:
    """The state that an exception means: that of the nearest class in STATES; no network goes before all."""
    if is_unreachable(error):
        return FetchState.WACHT_OP_NETWERK
    return next(STATES[kind] for kind in type(error).__mro__ if kind in STATES)


def error_of(url: str, error: Exception) -> FetchError:
    """The FetchError that an exception of another package means, when `url` was asked."""
    state = state_of(error)
    if isinstance(error, RefusedAddressError):
        return FetchError(state, REFUSED_ADDRESS, url, led_to=error.address)
    if state is FetchState.STORING and any(isinstance(cause, ssl.SSLError) for cause in causes_of(error)):
        return FetchError(state, UNTRUSTED, url)
    return FetchError(state, _SENTENCES[state], url)


def error_of_status(url: str, status: int) -> FetchError:
    """404 → dode link, 403 → inloggen vereist, 500 → storing bij de bron."""
    if status in (404, 410):
        return FetchError(FetchState.DODE_LINK, DEAD, url, status)
    if status in (401, 403):
        return FetchError(FetchState.INLOGGEN_VEREIST, LOG_IN, url, status)
    return FetchError(FetchState.STORING, FAULT, url, status)


# Why, and what to do.
_ASK_FOR_IT = "Vraag het bestand op bij de uitgever en zet het in de map met bronnen."
_LATER = "Start de inlezing later opnieuw."
_MEND = "Zoek in een browser het juiste adres op en zet dat in het register."
DEAD = "Op {address} staat niets meer (HTTP {status}). " + _MEND
LOG_IN = "{address} is alleen te lezen na inloggen. " + _ASK_FOR_IT
FAULT = "De website {host} geeft een storing (HTTP {status}). " + _LATER
BROKEN = "De website {host} gaf geen antwoord of een antwoord dat niet compleet is. " + _LATER
UNTRUSTED = "De beveiligde verbinding met {host} is niet te vertrouwen. Meld dit bij de beheerder van die website."
SLOW = "De website {host} antwoordt niet op tijd. " + _LATER
NO_NETWORK = "De website {host} is nu niet te bereiken. Controleer het internet; werkt dat, controleer dan het adres."
OFFLINE = "{address} is niet opgehaald, want deze inlezing gebruikt geen internet. Start de inlezing met internet."
ENOUGH = "Per inlezing worden hoogstens {most} adressen opgehaald. De volgende inlezing gaat verder."
CIRCLE = "{address} verwijst in een kring naar zichzelf. " + _MEND
TOO_MANY = "{address} verwijst meer dan {most} keer door. " + _MEND
TOO_LARGE = "Het bestand op {address} is groter dan {most} MB. Zet het zelf in de map met bronnen, in delen."
EMPTY = "Op {address} staat een leeg bestand. " + _ASK_FOR_IT
OTHER_KIND = "Op {address} staat geen pdf, Word-, ODT- of tekstbestand en geen webpagina. " + _MEND
NO_WEB_ADDRESS = "'{address}' is geen webadres. Zet in het register een adres dat begint met https:// of http://."
WRONG_ADDRESS = "{address} is geen geldig webadres. " + _MEND
USERINFO = "In het adres van {host} staat een gebruikersnaam of wachtwoord. Haal die uit het register. " + _ASK_FOR_IT
REFUSED_ADDRESS = (
    "{host} leidt naar {led_to} en dat is geen openbaar webadres. "
    "Hoort het bij uw eigen netwerk, laat de beheerder dat netwerk dan toestaan."
)
_SENTENCES = {
    FetchState.STORING: BROKEN,
    FetchState.TIME_OUT: SLOW,
    FetchState.WACHT_OP_NETWERK: NO_NETWORK,
    FetchState.ADRES_GEWEIGERD: WRONG_ADDRESS,
}
