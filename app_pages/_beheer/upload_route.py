"""The way in for files: a form of our own that posts to a route of ours.

Streamlit's own uploader keeps whole files in memory, speaks English and has a fault that axe finds. Here a file goes to
disk as it comes, and the browser's own file field is all that is needed. The form carries a token that only a page
drawn for an allowed person has, so that no other site can post in that person's name; it holds as long as that page is
open, for that person only. When the file comes, its sender must be logged in as he was on that page, and the place or
the list is looked at again.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message
from streamlit.runtime import get_instance

from app_pages import _resources
from app_pages._beheer import access, upload_staging
from app_pages._beheer.links import BeheerAddress, Part

PATH = "/beheer-bestanden"
# As ingest.pipeline.MAX_BYTES: a larger file would be refused by the run.
MAX_BYTES = 200 * 1024 * 1024
MOST_FILES = 20
# What a form has besides the files: names, boundaries, the token.
_AROUND = 1024 * 1024
# How long a page may stand open before its form is of no use, in seconds.
_LASTS = 12 * 3600
# Reasons that go into the address as one word; the page has the sentence.
REFUSED, TOO_LARGE, NOTHING, BROKEN, FULL = "geweigerd", "te-groot", "leeg", "onderbroken", "schijf"


@dataclass(frozen=True, slots=True)
class _Given:
    who: str
    session: str
    login: str
    until: float


_given: dict[str, _Given] = {}
_lock = Lock()


def token_for(who: str, session: str, login: str = "") -> str:
    """A token for the form on this person's page; the same one as long as the session lasts.

    `login` is what `access.login_of` makes of the page's cookies.
    """
    now = time.time()
    with _lock:
        for token in [token for token, one in _given.items() if one.until < now]:
            del _given[token]
        for token, one in _given.items():
            if (one.session, one.who, one.login) == (session, who, login):
                return token
        token = secrets.token_urlsafe(32)
        _given[token] = _Given(who, session, login, now + _LASTS)
        return token


def routes() -> list[BaseRoute]:
    """The one route that takes files."""
    return [Route(PATH, take_in, methods=["POST"])]


async def take_in(request: Request) -> Response:
    """Puts the files of the form aside and leads back to the page, which reads them."""
    who = allowed(request, request.query_params.get("sleutel", ""), is_open)
    if who is None:
        return _back(REFUSED)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_BYTES + _AROUND:
        return _back(TOO_LARGE)
    try:
        async with _bounded(request).form(max_files=MOST_FILES, max_fields=10) as form:
            files = [one for one in form.getlist("bestanden") if isinstance(one, UploadFile) and one.size]
            keys = [await run_in_threadpool(_put_aside, one, who) for one in files]
    except (MultiPartException, HTTPException):
        return _back(BROKEN)
    except OSError:
        logging.getLogger("zoekportaal").exception("An uploaded file could not be kept")
        return _back(FULL)
    if not keys:
        return _back(NOTHING)
    return _to(BeheerAddress(Part.ADD, proposal=keys[0] if len(keys) == 1 else ""))


def allowed(request: Request, token: str, is_open: Callable[[str], bool]) -> str | None:
    """Who sends this, '' for this machine; None if he may not. The token alone is not enough."""
    with _lock:
        given = _given.get(token)
    if given is None or given.until < time.time() or not is_open(given.session):
        return None
    listed = access.access_list(_resources.SETTINGS.data)
    if access.login_is_set():
        # the token was given to a page on which this person had logged in; he may have logged out since, the list may
        # have changed, and whoever got hold of the token alone has not logged in
        logged_in = given.login and compare_digest(given.login, access.login_of(request.cookies))
        return given.who if logged_in and given.who and listed.holds(given.who) else None
    client = request.client.host if request.client else None
    decision = access.decide(False, client or "unknown", request.headers.items(), {}, listed, alone=access.is_alone())
    return "" if decision.allowed else None


def is_open(session: str) -> bool:
    """Whether the page that the token was given to is still open in a browser."""
    return get_instance().is_active_session(session)


def _bounded(request: Request) -> Request:
    """The request, cut off where its body is longer than it may be, whatever its length was said to be."""
    receive, seen = request.receive, 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BYTES + _AROUND:
            raise MultiPartException("too large")
        return message

    return Request(request.scope, counted)


def _put_aside(file: UploadFile, who: str) -> str:
    data = _resources.SETTINGS.data
    key, place = upload_staging.new_place(data)
    try:
        with place.open("wb") as target:
            while block := file.file.read(1 << 20):
                target.write(block)
        upload_staging.finish(data, key, file.filename or "bestand", who)
    except OSError:
        upload_staging.discard(data, key)
        raise
    return key


def _back(why: str) -> Response:
    return _to(BeheerAddress(Part.ADD, problem=why))


def _to(address: BeheerAddress) -> Response:
    # 303: the page is fetched anew, and loading it again does not send the files twice
    return RedirectResponse(address.href, 303, headers={"cache-control": "no-store"})
