"""One response → what is used of it: a body within the limit, a place to go on to, or the problem that it is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import httpx2

from ingest.fetch_problems import BROKEN, TOO_LARGE, FetchError, FetchState, error_of_status

_PIECE = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
# Longer ones exist only to mark the visitor; RFC 9110 asks for no more than a program can keep.
_LONGEST_VALIDATOR = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """One hop's answer: a body, a `location` to go on to, or (304) neither."""

    url: str
    status: int
    data: bytes = b""
    location: str = ""
    etag: str = ""
    last_modified: str = ""
    content_type: str = ""


def answer_of(url: str, response: httpx2.Response, conditional: bool, most: int) -> Answer:
    """What a response says. Raises FetchError if that is no file and no way on."""
    status, headers = response.status_code, response.headers
    answer = Answer(
        url,
        status,
        etag=_plain(headers.get("etag", "")),
        last_modified=_plain(headers.get("last-modified", "")),
        content_type=headers.get("content-type", "")[:200],
    )
    if status in _REDIRECTS and headers.get("location"):
        return replace(answer, location=headers["location"].strip())
    if status == 304 and conditional:
        return answer
    if status not in (200, 203):
        raise error_of_status(url, status)
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise FetchError(FetchState.TE_GROOT, TOO_LARGE, url, status, most=most // 1024 // 1024)
    return replace(answer, data=_body(url, response, most))


def _plain(validator: str) -> str:
    """A validator that can be sent back as it came; '' if it cannot."""
    return validator if validator.isascii() and validator.isprintable() and len(validator) <= _LONGEST_VALIDATOR else ""


def _body(url: str, response: httpx2.Response, most: int) -> bytes:
    """The body, unpacked. It is unpacked here and piece by piece: a bomb may hold a thousand times its size."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):  # not what was asked for
        raise FetchError(FetchState.STORING, BROKEN, url, response.status_code)
    pieces: list[bytes] = []
    total = 0
    for piece in _unzipped(response.iter_raw()) if "gzip" in encoding else response.iter_raw():
        total += len(piece)
        if total > most:
            raise FetchError(FetchState.TE_GROOT, TOO_LARGE, url, response.status_code, most=most // 1024 // 1024)
        pieces.append(piece)
    return b"".join(pieces)


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Gzip, unpacked in pieces of at most 64 KB. Raises zlib.error if it is damaged or ends too early."""
    gzip = zlib.MAX_WBITS | 16
    unzip = zlib.decompressobj(gzip)
    empty = True
    for chunk in chunks:
        while chunk:
            empty = False
            if unzip.eof:  # a second part follows the first
                unzip = zlib.decompressobj(gzip)
            yield unzip.decompress(chunk, _PIECE)
            chunk = unzip.unconsumed_tail or unzip.unused_data
    yield unzip.flush()
    if not unzip.eof and not empty:
        raise zlib.error("ended too early")
