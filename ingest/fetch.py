"""Addresses → files: polite, bounded, and only from the public web. What was fetched is kept, whatever happens later.

One address goes through these steps: 1 what is kept of it · 2 one request a hop, redirects followed by hand · 3 the
body, up to a limit · 4 what it is, by its content · 5 kept, with the history of its runs. Every way to fail ends in a
state of the ledger and a reason in Dutch; what was kept before is then still given.
"""

from __future__ import annotations

import os
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx2

from ingest.addresses import IPNetwork, networks_of, normalised
from ingest.connect import CheckedTransport, Deadline, Resolver, system_resolver
from ingest.errors import IngestError
from ingest.fetch_problems import (
    BROKEN,
    CIRCLE,
    EMPTY,
    ENOUGH,
    LOG_IN,
    NO_WEB_ADDRESS,
    OFFLINE,
    OTHER_KIND,
    STATES,
    TOO_MANY,
    USERINFO,
    WRONG_ADDRESS,
    FetchError,
    FetchState,
    error_of,
    host_of,
)
from ingest.kept import READ, UNCHANGED, Record, Run, Shelf, is_gone, stamp, with_run
from ingest.kinds import Kind, is_complete, kind_of
from ingest.responses import Answer, answer_of

__all__ = ["FetchSettings", "FetchState", "Fetched", "Fetcher"]

_PASSWORD_FIELD = re.compile(rb"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the portal behaves on the web. Times are in seconds.

    `contact` (an address of the bureau) goes into the User-Agent, so that a site's keeper can ask what this is.
    """

    contact: str = ""
    version: str = "0.1"
    allowed_networks: tuple[IPNetwork, ...] = ()
    offline: bool = False
    max_bytes: int = 50 * 1024 * 1024  # of what it unpacks to; the largest annual reports of provinces are under 40 MB
    max_addresses: int = 500  # in one run; the handover names some 25 reports
    max_redirects: int = 5
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 180.0  # of one source, all its hops together: 50 MB at 2.5 Mbit a second
    pause: float = 1.0  # between two requests to one host
    workers: int = 4  # hosts that are asked at the same time

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ, offline: bool = False) -> FetchSettings:
        """ZOEKPORTAAL_CONTACT and ZOEKPORTAAL_NETWERKEN ('10.1.0.0/16, 10.2.3.4'). Raises IngestError."""
        names = environment.get("ZOEKPORTAAL_NETWERKEN", "").split(",")
        try:
            allowed = networks_of(names)
        except ValueError as error:
            advice = "Schrijf netwerken als 10.1.0.0/16, met komma's ertussen."
            raise IngestError(f"ZOEKPORTAAL_NETWERKEN is niet te lezen ({error}). {advice}") from error
        return cls(contact=environment.get("ZOEKPORTAAL_CONTACT", ""), allowed_networks=allowed, offline=offline)

    @property
    def user_agent(self) -> str:
        """'slim-zoekportaal/0.1 (+bureau@vdg.nl)'; what may not stand in a header is left out."""
        contact = re.sub(r"[^!-'*-~ ]", "", self.contact).strip()  # printable ASCII without brackets
        return f"slim-zoekportaal/{self.version}" + (f" (+{contact})" if contact else "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address: the bytes, and the problem if there was one.

    `data` is what is known of it now: fresh, or kept from before (`from_cache`); None if there is nothing. `state` and
    `reason` are set if this run's asking failed. `gone` is True after three dead days: the source is 'vervallen'.
    """

    data: bytes | None = None
    state: FetchState | None = None
    reason: str = ""
    final_url: str = ""
    fetched_at: str = ""
    digest: str = ""
    from_cache: bool = False
    kind: Kind | None = None
    file: str = ""
    gone: bool = False


class Fetcher:
    """Fetches addresses in one run. May be used from several threads: one request at a time goes to each host."""

    def __init__(
        self,
        settings: FetchSettings,
        folder: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._shelf = Shelf(folder)
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._resolve = resolve
        self._ssl_context = ssl_context
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._asked = 0
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True

    def fetch(self, address: str) -> Fetched:
        """The file at an address. Raises OSError only if it cannot be kept (a full disk): what was kept stays."""
        known = normalised(address)
        if known is None:
            problem = FetchError(FetchState.ADRES_GEWEIGERD, NO_WEB_ADDRESS, address)
            return Fetched(state=problem.state, reason=problem.reason, final_url=address)
        record = self._shelf.record(known)  # 1
        kept = self._shelf.content(record)
        if self._settings.offline:
            return _result(record, kept, FetchError(FetchState.WACHT_OP_NETWERK, OFFLINE, known))
        if not self._may_ask():
            most = self._settings.max_addresses
            return _result(record, kept, FetchError(FetchState.WACHT_OP_NETWERK, ENOUGH, known, most=most))
        try:
            answer = self._follow(known, record if kept is not None else Record(known))  # 2, 3
            kind = _checked_kind(known, answer)  # 4
        except FetchError as problem:
            return self._failed(record, kept, problem)
        return self._keep(record, kept, answer, kind)  # 5

    def fetch_all(
        self, addresses: Iterable[str], progress: Callable[[str], None] = lambda address: None
    ) -> dict[str, Fetched]:
        """Several hosts side by side, one host's addresses one after another. The keys are the addresses as given.

        If there are more than may be asked in one run, those that were asked longest ago go first. `progress` is
        called, from any thread, with each address that is done.
        """
        wanted = sorted(dict.fromkeys(addresses), key=self._last_checked)
        hosts: dict[str, list[str]] = {}
        for address in wanted[: max(0, self._settings.max_addresses - self._asked)]:
            hosts.setdefault(host_of(address), []).append(address)
        found: dict[str, Fetched] = {}

        def one_host(own: Sequence[str]) -> None:
            for address in own:
                if self._stopped:
                    return
                found[address] = self.fetch(address)
                progress(address)

        with ThreadPoolExecutor(max_workers=self._settings.workers, thread_name_prefix="ophalen") as pool:
            tasks = [pool.submit(one_host, own) for own in hosts.values()]
            try:
                for task in tasks:
                    task.result()
            except BaseException:  # Ctrl+C, a full disk: no new request is begun
                self._stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return {address: found[address] if address in found else self.fetch(address) for address in wanted}

    def _last_checked(self, address: str) -> str:
        known = normalised(address)
        return self._shelf.record(known).checked_at if known else ""

    def _may_ask(self) -> bool:
        with self._lock:
            self._asked += 1
            return self._asked <= self._settings.max_addresses

    def _follow(self, address: str, record: Record) -> Answer:
        """The answer at the end of the redirects. Validators go only to where the kept file came from."""
        url, seen, left = address, set[str](), self._settings.deadline
        for _ in range(self._settings.max_redirects + 1):
            if url in seen:
                raise FetchError(FetchState.STORING, CIRCLE, address)
            seen.add(url)
            known = record if url == record.final_address else Record(address)
            answer, seconds = self._ask(url, known, left)
            left -= seconds
            if not answer.location:
                return answer
            url = _onward(url, answer.location)
        raise FetchError(FetchState.STORING, TOO_MANY, address, most=self._settings.max_redirects)

    def _ask(self, url: str, known: Record, seconds: float) -> tuple[Answer, float]:
        """One request and its answer, and the seconds that it took. Here the exceptions of others become ours."""
        headers = {"User-Agent": self._settings.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        timeout = httpx2.Timeout(self._settings.read_timeout, connect=self._settings.connect_timeout)
        try:
            parsed = httpx2.URL(url)
            if parsed.scheme not in ("http", "https") or not parsed.host:
                raise FetchError(FetchState.ADRES_GEWEIGERD, NO_WEB_ADDRESS, url)
            if parsed.userinfo:
                raise FetchError(FetchState.ADRES_GEWEIGERD, USERINFO, url)
            with self._turn(parsed.host):
                began = self._clock()
                transport = CheckedTransport(
                    self._resolve, self._settings.allowed_networks, Deadline(seconds, self._clock), self._tls()
                )
                with (
                    httpx2.Client(transport=transport, trust_env=False, follow_redirects=False) as client,
                    client.stream("GET", parsed, headers=headers, timeout=timeout) as response,
                ):
                    answer = answer_of(url, response, bool(known.etag or known.last_modified), self._settings.max_bytes)
                return answer, self._clock() - began
        except tuple(STATES) as error:
            raise error_of(url, error) from error

    @contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        """Waits until a host may be asked, and keeps others from it meanwhile."""
        with self._lock:
            place = self._hosts.setdefault(host, _Host())
        with place.lock:
            wait = place.free_at - self._clock()
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                place.free_at = self._clock() + self._settings.pause

    def _tls(self) -> ssl.SSLContext:
        with self._lock:
            # The system's own certificates: a municipality that inspects its traffic has put its own among them.
            self._ssl_context = self._ssl_context or httpx2.create_ssl_context()
            return self._ssl_context

    def _failed(self, record: Record, kept: bytes | None, problem: FetchError) -> Fetched:
        run = Run(stamp(self._now()), problem.state.value, problem.status)
        record = replace(record, history=with_run(record.history, run))
        self._shelf.keep(record)
        return _result(record, kept, problem)

    def _keep(self, record: Record, kept: bytes | None, answer: Answer, kind: Kind | None) -> Fetched:
        moment = stamp(self._now())
        if kind is None or kept == answer.data:  # 304, or the same bytes once more
            record = replace(
                record,
                final_address=answer.url,
                etag=answer.etag or record.etag,
                last_modified=answer.last_modified or record.last_modified,
                history=with_run(record.history, Run(moment, UNCHANGED, answer.status)),
            )
            self._shelf.keep(record)
            return _result(record, kept)
        record = Record(
            address=record.address,
            final_address=answer.url,
            fetched_at=moment,
            digest=sha256(answer.data).hexdigest(),
            kind=kind.value,
            content_type=answer.content_type,
            etag=answer.etag,
            last_modified=answer.last_modified,
            history=with_run(record.history, Run(moment, READ, answer.status)),
        )
        self._shelf.keep(record, answer.data)
        return replace(_result(record, answer.data), from_cache=False)


@dataclass(slots=True)
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = float("-inf")


def _onward(url: str, location: str) -> str:
    """Where a redirect leads: relative to where it stood, without the fragment."""
    try:
        return urldefrag(urljoin(url, location)).url
    except ValueError as error:
        raise FetchError(FetchState.ADRES_GEWEIGERD, WRONG_ADDRESS, location) from error


def _checked_kind(address: str, answer: Answer) -> Kind | None:
    """What the body is; None after a 304. Raises FetchError if the portal cannot use it."""
    if answer.status == 304:
        return None
    if not answer.data.strip():
        raise FetchError(FetchState.LEEG, EMPTY, address, answer.status)
    kind = kind_of(answer.data)
    if kind is None:
        raise FetchError(FetchState.NIET_ONDERSTEUND, OTHER_KIND, address, answer.status)
    if not is_complete(answer.data, kind):
        raise FetchError(FetchState.STORING, BROKEN, address, answer.status)
    if kind is Kind.HTML and answer.url != address and _PASSWORD_FIELD.search(answer.data):
        raise FetchError(FetchState.INLOGGEN_VEREIST, LOG_IN, address, answer.status)  # sent on to a log-in page
    return kind


def _result(record: Record, kept: bytes | None, problem: FetchError | None = None) -> Fetched:
    there = kept is not None
    return Fetched(
        data=kept,
        state=problem.state if problem else None,
        reason=problem.reason if problem else "",
        final_url=record.final_address or record.address,
        fetched_at=record.fetched_at if there else "",
        digest=record.digest if there else "",
        from_cache=there,
        kind=Kind(record.kind) if there else None,
        file=_file_name(record) if there else "",
        gone=is_gone(record.history),
    )


def _file_name(record: Record) -> str:
    """'https://vdg.nl/stukken/Regio%20plan.aspx', pdf → 'Regio plan.pdf'; 'https://vdg.nl/' → 'vdg.nl.html'."""
    parts = urlsplit(record.final_address)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    name = re.sub(r"[^\w .()+-]+", "-", last).strip(" .-")[:100]
    stem = re.sub(r"\.(pdf|docx?|odt|html?|txt|md|aspx?|php|ashx)$", "", name, flags=re.IGNORECASE)
    return f"{stem or parts.hostname}.{record.kind}"
