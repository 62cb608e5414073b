from __future__ import annotations

import datetime as dt
import errno
import gzip
import ipaddress
import json
import os
import socket
import threading
import time
import tracemalloc
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import IngestError
from ingest.fetch import Fetcher, FetchSettings, FetchState
from ingest.kinds import Kind
from tests.ingest import web as pages
from tests.ingest.fetching import MONDAY, Time, assert_is_a_reason, fetch, names, settings
from tests.ingest.web import PAGE, PDF, Handler, Web

pytestmark = pytest.mark.usefixtures("on_this_machine")


# What goes well


def test_fetch_keeps_the_file_with_its_address_time_and_digest(tmp_path: Path, web: Web) -> None:
    web.routes["/plan.aspx"] = pages.file(PDF, "text/html", ETag='"v1"')
    found = fetch(tmp_path, web.url("/plan.aspx"))
    assert (found.data, found.state, found.reason) == (PDF, None, "")
    assert (found.kind, found.file, found.from_cache, found.gone) == (Kind.PDF, "plan.pdf", False, False)
    (record,) = tmp_path.glob("*.json")
    fields = json.loads(record.read_text())
    assert fields["address"] == fields["final_address"] == web.url("/plan.aspx")
    assert fields["digest"] == found.digest == sha256(PDF).hexdigest()
    assert fields["fetched_at"] == "2026-11-23T09:00:00+00:00"
    assert (fields["etag"], fields["content_type"]) == ('"v1"', "text/html")
    assert fields["history"] == [{"date": "2026-11-23T09:00:00+00:00", "outcome": "gelezen", "status": 200}]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".pdf"]


def test_fetch_says_who_it_is(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.file(PAGE)
    fetch(tmp_path, web.url(), contact="info@vdg.nl\r\nX-Evil: 1 (é)")
    assert web.asked[0].headers["user-agent"] == "slim-zoekportaal/0.1 (+info@vdg.nlX-Evil: 1)"
    assert "x-evil" not in web.asked[0].headers


def test_fetch_follows_redirects_and_says_where_they_ended(tmp_path: Path, web: Web) -> None:
    web.routes |= {"/a": pages.redirect("/b", 301), "/b": pages.redirect("c/d?x=1#kop", 307)}
    web.routes["/c/d?x=1"] = pages.file(PAGE)
    found = fetch(tmp_path, web.url("/a"))
    assert (found.state, found.final_url, found.kind) == (None, web.url("/c/d?x=1"), Kind.HTML)


def test_fetch_follows_five_redirects_and_not_six(tmp_path: Path, web: Web) -> None:
    web.routes |= {f"/{number}": pages.redirect(f"/{number + 1}") for number in range(6)}
    web.routes["/6"] = pages.file(PDF)
    assert fetch(tmp_path, web.url("/1")).data == PDF
    refused = fetch(tmp_path, web.url("/0"))
    assert (refused.state, refused.data) == (FetchState.STORING, None)
    assert "meer dan 5 keer" in refused.reason


def test_fetch_unpacks_gzip(tmp_path: Path, web: Web) -> None:
    data = PAGE * 5000  # more than is unpacked at a time
    web.routes["/"] = pages.file(gzip.compress(data), Content_Encoding="gzip")
    assert fetch(tmp_path, web.url()).data == data


@pytest.mark.parametrize("validators", [{"etag": '"v1"'}, {"modified": "Mon, 23 Nov 2026 08:00:00 GMT"}])
def test_fetch_asks_only_whether_it_changed(tmp_path: Path, web: Web, validators: dict[str, str]) -> None:
    web.routes["/a"] = pages.redirect("/b")
    web.routes["/b"] = pages.versioned(PDF, **validators)
    first = fetch(tmp_path, web.url("/a"))
    again = fetch(tmp_path, web.url("/a"), at=MONDAY + dt.timedelta(days=1))
    assert (again.data, again.state, again.from_cache) == (PDF, None, True)
    assert (again.fetched_at, again.digest) == (first.fetched_at, first.digest)
    conditional = [{"if-none-match", "if-modified-since"} & set(asked.headers) for asked in web.asked]
    assert [bool(found) for found in conditional] == [False, False, False, True]  # only where the file came from
    (record,) = tmp_path.glob("*.json")
    assert [run["outcome"] for run in json.loads(record.read_text())["history"]] == ["gelezen", "ongewijzigd"]


def test_fetch_sees_a_file_that_changed_and_keeps_the_new_one_only(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.versioned(PDF, '"v1"')
    old = fetch(tmp_path, web.url())
    web.routes["/"] = pages.versioned(PDF + b"nieuw", '"v2"')
    new = fetch(tmp_path, web.url())
    assert (new.data, new.from_cache) == (PDF + b"nieuw", False)
    assert new.digest != old.digest
    assert len(list(tmp_path.glob("*.pdf"))) == 1


def test_fetch_the_same_bytes_again_are_unchanged(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.file(PDF)
    first = fetch(tmp_path, web.url())
    again = fetch(tmp_path, web.url(), at=MONDAY + dt.timedelta(days=1))
    assert again.from_cache
    assert again.fetched_at == first.fetched_at


def test_fetch_asks_anew_if_what_was_kept_is_damaged(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.versioned(PDF, '"v1"')
    fetch(tmp_path, web.url())
    (kept,) = tmp_path.glob("*.pdf")
    kept.write_bytes(b"half")
    assert fetch(tmp_path, web.url()).data == PDF
    assert kept.read_bytes() == PDF


def test_fetch_reads_the_kind_from_the_content(tmp_path: Path, web: Web) -> None:
    web.routes["/rapport.pdf"] = pages.file(PAGE, "application/pdf")
    found = fetch(tmp_path, web.url("/rapport.pdf"))
    assert (found.kind, found.file) == (Kind.HTML, "rapport.html")


# What the source does wrong


def broken(head: bytes, body: bytes = b"") -> pages.Route:
    return pages.raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)


BAD: list[tuple[str, pages.Route, FetchState]] = [
    ("401", pages.status(401), FetchState.INLOGGEN_VEREIST),
    ("403", pages.status(403), FetchState.INLOGGEN_VEREIST),
    ("404", pages.status(404), FetchState.DODE_LINK),
    ("410", pages.status(410), FetchState.DODE_LINK),
    ("429", pages.status(429), FetchState.STORING),
    ("500", pages.status(500), FetchState.STORING),
    ("503", pages.status(503), FetchState.STORING),
    ("304 unasked", pages.status(304), FetchState.STORING),
    ("302 to nowhere", pages.status(302), FetchState.STORING),
    ("redirect loop", pages.redirect("/"), FetchState.STORING),
    ("redirect to a broken address", pages.redirect("http://[::1"), FetchState.ADRES_GEWEIGERD),
    ("redirect to file", pages.redirect("file:///etc/passwd"), FetchState.ADRES_GEWEIGERD),
    ("redirect to ftp", pages.redirect("ftp://127.0.0.1/x"), FetchState.ADRES_GEWEIGERD),
    ("redirect with a password", pages.redirect("http://a:b@127.0.0.1/"), FetchState.ADRES_GEWEIGERD),
    ("slow body", pages.slow_body, FetchState.TIME_OUT),
    ("slow headers", pages.slow_headers, FetchState.TIME_OUT),
    ("silence", pages.silent, FetchState.TIME_OUT),
    ("endless body", pages.endless, FetchState.TE_GROOT),
    ("declared too large", broken(b"Content-Length: 99999999999", PDF), FetchState.TE_GROOT),
    ("declared more than came", broken(b"Content-Length: 9000", PDF), FetchState.STORING),
    ("declared less than came", broken(b"Content-Length: 12", PDF), FetchState.STORING),
    ("cut off without a word", broken(b"Connection: close", PDF[:-10]), FetchState.STORING),
    ("no number of bytes", broken(b"Content-Length: many", PDF), FetchState.STORING),
    ("chunks cut off", broken(b"Transfer-Encoding: chunked", b"100\r\n%PDF"), FetchState.STORING),
    ("nothing at all", pages.raw(b""), FetchState.STORING),
    ("no HTTP", pages.raw(b"220 ftp.example.org ready\r\n"), FetchState.STORING),
    ("headers without end", pages.raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 500_000), FetchState.STORING),
    ("wrong type", pages.file(b"\x89PNG\r\n\x1a\n" + bytes(50), "application/pdf"), FetchState.NIET_ONDERSTEUND),
    ("empty", pages.file(b" \n", "application/pdf"), FetchState.LEEG),
    ("gzip bomb", pages.zeros_in_gzip(50_000_000), FetchState.TE_GROOT),
    ("gzip bomb in gzip", pages.zeros_in_gzip(50_000_000, "gzip, gzip"), FetchState.STORING),
    ("gzip that is none", pages.file(PDF, Content_Encoding="gzip"), FetchState.STORING),
    ("gzip cut off", pages.file(gzip.compress(PAGE)[:-12], Content_Encoding="gzip"), FetchState.STORING),
    ("another encoding", pages.file(PDF, Content_Encoding="br"), FetchState.STORING),
]


@pytest.mark.parametrize(("route", "state"), [pytest.param(*case[1:], id=case[0]) for case in BAD])
def test_fetch_bad_answers_end_in_a_state_and_lose_nothing(
    tmp_path: Path, web: Web, route: pages.Route, state: FetchState
) -> None:
    limits: dict[str, Any] = {"deadline": 0.6, "read_timeout": 0.4, "max_bytes": 1_000_000}
    web.routes["/"] = pages.file(PDF)
    fetch(tmp_path, web.url(), at=MONDAY - dt.timedelta(days=1))
    web.routes["/"] = route
    began = time.perf_counter()
    tracemalloc.start()
    found = fetch(tmp_path, web.url(), **limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.state is state
    assert (found.data, found.from_cache, found.fetched_at) == (PDF, True, "2026-11-22T09:00:00+00:00")
    assert_is_a_reason(found.reason)
    assert time.perf_counter() - began < 3
    assert peak < 8_000_000
    assert fetch(tmp_path / "new", web.url(), **limits).data is None


def test_fetch_a_circle_of_redirects_is_told(tmp_path: Path, web: Web) -> None:
    web.routes |= {"/a": pages.redirect("/b"), "/b": pages.redirect("/a")}
    found = fetch(tmp_path, web.url("/a"))
    assert found.state is FetchState.STORING
    assert "in een kring" in found.reason
    assert [asked.path for asked in web.asked] == ["/a", "/b"]


def test_fetch_a_log_in_page_does_not_replace_the_report(tmp_path: Path, web: Web) -> None:
    web.routes["/plan"] = pages.file(PDF)
    fetch(tmp_path, web.url("/plan"))
    web.routes["/plan"] = pages.redirect("/login")
    web.routes["/login"] = pages.file(b"<html><form><input name=p type='password'></form></html>")
    found = fetch(tmp_path, web.url("/plan"))
    assert (found.state, found.data) == (FetchState.INLOGGEN_VEREIST, PDF)


def test_fetch_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert fetch(tmp_path, f"http://127.0.0.1:{port}/").state is FetchState.STORING


def test_fetch_all_hops_share_one_deadline(tmp_path: Path, web: Web) -> None:
    def hop(number: int) -> pages.Route:
        def route(handler: Handler) -> None:
            time.sleep(0.2)
            pages.redirect(f"/{number + 1}")(handler)

        return route

    web.routes |= {f"/{number}": hop(number) for number in range(4)}
    web.routes["/4"] = pages.file(PDF)
    assert fetch(tmp_path, web.url("/0"), deadline=0.5).state is FetchState.TIME_OUT
    assert fetch(tmp_path, web.url("/0"), deadline=5.0).data == PDF


# No network


def test_fetch_offline_asks_nothing_and_gives_what_is_kept(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.file(PDF)
    fetch(tmp_path, web.url())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    kept = fetch(tmp_path, web.url(), offline=True)
    never = fetch(tmp_path, web.url("/nooit"), offline=True)
    assert (kept.state, kept.data) == (FetchState.WACHT_OP_NETWERK, PDF)
    assert (never.state, never.data) == (FetchState.WACHT_OP_NETWERK, None)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert len(web.asked) == 1


# Gone


def test_fetch_says_gone_after_three_dead_days_and_gives_the_file_still(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.file(PDF)
    fetch(tmp_path, web.url())
    del web.routes["/"]
    days = [MONDAY + dt.timedelta(days=number) for number in (1, 1, 2, 3)]
    found = [fetch(tmp_path, web.url(), at=day) for day in days]
    assert [each.gone for each in found] == [False, False, False, True]
    assert {each.state for each in found} == {FetchState.DODE_LINK}
    assert {each.data for each in found} == {PDF}
    web.routes["/"] = pages.file(PDF)
    assert not fetch(tmp_path, web.url(), at=MONDAY + dt.timedelta(days=4)).gone


# Politeness and limits


def test_fetch_pauses_between_two_requests_to_one_host(tmp_path: Path, web: Web) -> None:
    web.routes |= {"/a": pages.redirect("/b"), "/b": pages.file(PDF)}
    when = Time()
    resolve = names(een_test="127.0.0.1", twee_test="127.0.0.1")
    fetcher = Fetcher(settings(pause=1.0), tmp_path, now=when.now, clock=when.clock, sleep=when.sleep, resolve=resolve)
    fetcher.fetch(web.url("/a", "een.test"))
    assert when.pauses == [1.0]
    fetcher.fetch(web.url("/b", "twee.test"))
    assert when.pauses == [1.0]  # another host need not wait
    when.seconds += 0.7
    fetcher.fetch(web.url("/b", "een.test"))
    assert when.pauses == [1.0, 0.3]


def test_fetch_pauses_after_a_failure_too(tmp_path: Path, web: Web) -> None:
    when = Time()
    fetcher = Fetcher(settings(pause=1.0), tmp_path, clock=when.clock, sleep=when.sleep)
    fetcher.fetch(web.url("/weg"))
    fetcher.fetch(web.url("/weg"))
    assert when.pauses == [1.0]


def test_fetch_all_asks_hosts_side_by_side_and_each_serially(tmp_path: Path, web: Web) -> None:
    both = threading.Barrier(2)

    def meet(handler: Handler) -> None:
        both.wait(timeout=5)  # passed only when the other host is being asked at the same time
        pages.file(PDF)(handler)

    web.routes |= {"/1": meet, "/2": meet, "/3": meet}
    addresses = [web.url(f"/{number}", host) for host in ("een.test", "twee.test") for number in (1, 2, 3)]
    done: list[str] = []
    resolve = names(een_test="127.0.0.1", twee_test="127.0.0.1")
    with Fetcher(settings(), tmp_path, resolve=resolve) as fetcher:
        found = fetcher.fetch_all([*addresses, addresses[0]], done.append)
    assert {address: each.data for address, each in found.items()} == dict.fromkeys(addresses, PDF)
    assert sorted(done) == sorted(addresses)
    assert set(web.busiest.values()) == {1}


def test_fetch_all_one_host_is_asked_serially_from_several_threads(tmp_path: Path, web: Web) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.05)
        pages.file(PDF)(handler)

    web.routes["/"] = slow
    fetcher = Fetcher(settings(), tmp_path)
    threads = [threading.Thread(target=fetcher.fetch, args=(web.url(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(web.asked) == 4
    assert set(web.busiest.values()) == {1}


def test_fetch_all_has_a_limit_and_takes_the_longest_waiting_first(tmp_path: Path, web: Web) -> None:
    addresses = [web.url(f"/{number}") for number in range(4)]
    web.routes |= {f"/{number}": pages.file(PDF) for number in range(4)}
    for day in (0, 1):
        moment = MONDAY + dt.timedelta(days=day)
        with Fetcher(settings(max_addresses=2), tmp_path, now=lambda moment=moment: moment) as fetcher:  # type: ignore[misc]
            found = fetcher.fetch_all(addresses)
        waiting = [each for each in found.values() if each.state is FetchState.WACHT_OP_NETWERK]
        assert len(waiting) == 2
        assert_is_a_reason(waiting[0].reason)
    assert sorted(asked.path for asked in web.asked) == ["/0", "/1", "/2", "/3"]


def test_fetch_a_full_disk_raises_and_leaves_what_was_kept(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.routes["/"] = pages.file(PDF)
    fetch(tmp_path, web.url())
    web.routes["/"] = pages.file(PDF + b"nieuw")
    replace_file = os.replace

    def full(source: str, target: Path) -> None:
        if target.suffix == ".json":
            raise OSError(errno.ENOSPC, "No space left on device")
        replace_file(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space left"):
            fetch(tmp_path, web.url())
    assert fetch(tmp_path, web.url(), offline=True).data == PDF
    assert fetch(tmp_path, web.url()).data == PDF + b"nieuw"
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".pdf"]


def test_fetch_settings_of_the_environment() -> None:
    given = {"ZOEKPORTAAL_CONTACT": "info@vdg.nl", "ZOEKPORTAAL_NETWERKEN": "10.1.0.0/16, 10.2.3.4,"}
    found = FetchSettings.of_environment(given, offline=True)
    assert found.user_agent == "slim-zoekportaal/0.1 (+info@vdg.nl)"
    assert found.allowed_networks == (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("10.2.3.4/32"))
    assert found.offline
    assert FetchSettings.of_environment({}).user_agent == "slim-zoekportaal/0.1"
    with pytest.raises(IngestError, match="ZOEKPORTAAL_NETWERKEN"):
        FetchSettings.of_environment({"ZOEKPORTAAL_NETWERKEN": "het gemeentenetwerk"})
