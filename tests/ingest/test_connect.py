from __future__ import annotations

import datetime as dt
import errno
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.addresses import IPAddress, networks_of
from ingest.fetch import Fetcher, FetchState
from tests.ingest import web as pages
from tests.ingest.fetching import assert_is_a_reason, fetch, names, settings
from tests.ingest.web import PDF, Web

pytestmark = pytest.mark.usefixtures("on_this_machine")


FORBIDDEN = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1/",
    "http://localhost:{port}/",
    "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://0.0.0.0:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://93.184.216.34:22/",
    "http://x:y@127.0.0.2:{port}/secret",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_connect_refuses_what_is_not_public(tmp_path: Path, web: Web, address: str) -> None:
    """`web` stands on 127.0.0.1 and is not allowed; the redirect to it comes from 127.0.0.2, which is."""
    only_two = networks_of(["127.0.0.2/32"])
    address = address.format(port=web.port)
    with Web(address="127.0.0.2", routes={"/": pages.redirect(address.encode().decode("latin-1"))}) as outside:
        direct = fetch(tmp_path, address, allowed_networks=only_two)
        led = fetch(tmp_path, outside.url(), allowed_networks=only_two)
        assert [asked.path for asked in outside.asked] == ["/"]
    assert (direct.state, direct.data) == (FetchState.ADRES_GEWEIGERD, None)
    assert (led.state, led.data) == (FetchState.ADRES_GEWEIGERD, None)
    assert_is_a_reason(direct.reason)
    assert_is_a_reason(led.reason)
    assert web.asked == []


@pytest.mark.parametrize("addresses", ["10.1.2.3", "fd00::1", "93.184.216.34 10.1.2.3", "169.254.169.254"])
def test_connect_refuses_a_name_that_leads_to_a_private_address(tmp_path: Path, addresses: str) -> None:
    found = Fetcher(settings(), tmp_path, resolve=names(binnen_test=addresses)).fetch("https://binnen.test/")
    assert found.state is FetchState.ADRES_GEWEIGERD
    assert "binnen.test leidt naar" in found.reason


def test_connect_connects_to_the_address_that_was_checked(tmp_path: Path, web: Web) -> None:
    """DNS rebinding: the second answer would lead elsewhere, but nobody asks a second time."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    calls: list[str] = []

    def resolve(name: str, port: int) -> Sequence[IPAddress]:
        calls.append(name)
        return [ip_address(text) for text in answers[len(calls) - 1]]

    web.routes["/"] = pages.file(PDF)
    fetcher = Fetcher(settings(), tmp_path, resolve=resolve)
    assert fetcher.fetch(web.url(host="wissel.test")).data == PDF
    assert calls == ["wissel.test"]
    assert web.asked[0].host == f"wissel.test:{web.port}"
    second = fetcher.fetch(web.url(host="wissel.test"))
    assert (second.state, second.data) == (FetchState.ADRES_GEWEIGERD, PDF)


def test_connect_every_hop_is_checked_anew(tmp_path: Path, web: Web) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])
    web.routes["/"] = pages.redirect("/verder")
    fetcher = Fetcher(settings(), tmp_path, resolve=lambda name, port: [ip_address(next(answers))])
    assert fetcher.fetch(web.url(host="wissel.test")).state is FetchState.ADRES_GEWEIGERD
    assert [asked.path for asked in web.asked] == ["/"]


def test_connect_ignores_proxies_of_the_environment(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve names itself, past the check."""
    monkeypatch.setenv("HTTP_PROXY", web.url())
    monkeypatch.setenv("ALL_PROXY", web.url())
    assert Fetcher(settings(), tmp_path, resolve=names()).fetch("http://een.test/").data is None
    assert web.asked == []


def test_connect_tries_the_next_address_of_a_name(tmp_path: Path, web: Web) -> None:
    web.routes["/"] = pages.file(PDF)
    resolve = names(twee_test="127.0.0.3 127.0.0.1")
    found = Fetcher(settings(), tmp_path, resolve=resolve).fetch(web.url(host="twee.test"))
    assert found.data == PDF


def test_connect_one_address_without_a_route_does_not_hide_what_the_other_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without IPv6 has no route to a name's first address: what failed is the source, not the network."""

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        code = errno.ENETUNREACH if address[0] == "2606:2800::1" else errno.ECONNREFUSED
        raise OSError(code, "no")

    monkeypatch.setattr(socket, "create_connection", connect)
    fetcher = Fetcher(settings(), tmp_path, resolve=names(een_test="2606:2800::1 93.184.216.34"))
    assert fetcher.fetch("http://een.test/").state is FetchState.STORING


def test_connect_a_name_server_that_never_answers(tmp_path: Path) -> None:
    stop = threading.Event()

    def resolve(name: str, port: int) -> Sequence[IPAddress]:
        stop.wait(5)
        return []

    began = time.perf_counter()
    found = Fetcher(settings(deadline=0.2), tmp_path, resolve=resolve).fetch("http://een.test/")
    stop.set()
    assert found.state is FetchState.TIME_OUT
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL])
def test_connect_without_names_waits_for_the_network(tmp_path: Path, code: int) -> None:
    def resolve(name: str, port: int) -> Sequence[IPAddress]:
        raise socket.gaierror(code, "no")

    found = Fetcher(settings(), tmp_path, resolve=resolve).fetch("https://een.test/")
    assert found.state is FetchState.WACHT_OP_NETWERK


def test_connect_without_a_route_waits_for_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert fetch(tmp_path, "http://127.0.0.1/").state is FetchState.WACHT_OP_NETWERK


# TLS


def certificate(name: str) -> tuple[ssl.SSLContext, bytes]:
    """A server's context with a certificate for a name, signed by itself, and that certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = signed.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return context, pem + secret


@pytest.mark.parametrize(
    ("asked", "trusted", "state"),
    [
        ("rapport.test", True, None),
        ("ander.test", True, FetchState.STORING),  # the certificate is another name's
        ("127.0.0.1", True, FetchState.STORING),
        ("rapport.test", False, FetchState.STORING),
    ],
)
def test_connect_checks_the_certificate_for_the_name(
    tmp_path: Path, asked: str, trusted: bool, state: FetchState | None
) -> None:
    server, pem = certificate("rapport.test")
    (tmp_path / "server.pem").write_bytes(pem)
    server.load_cert_chain(tmp_path / "server.pem")
    told: list[str | None] = []
    server.sni_callback = lambda connection, name, context: told.append(name)
    client = ssl.create_default_context()
    if trusted:
        client.load_verify_locations(tmp_path / "server.pem")
    resolve = names(rapport_test="127.0.0.1", ander_test="127.0.0.1", **{"127_0_0_1": "127.0.0.1"})
    with Web(tls=server, routes={"/": pages.file(PDF)}) as web:
        found = Fetcher(settings(), tmp_path / "kept", resolve=resolve, ssl_context=client).fetch(web.url(host=asked))
        assert (found.state, found.data) == (state, None if state else PDF)
        assert told == [None if asked == "127.0.0.1" else asked]
        assert len(web.asked) == (0 if state else 1)
    if state:
        assert "niet te vertrouwen" in found.reason
