"""nginx with the file of deploy/, on other ports and with a certificate of its own, for the tests."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eval.benchmarks.portals import free_port
from index.settings import ROOT

DEPLOY = ROOT / "deploy"
# Where the files of deploy/ suppose the project, and the name that they suppose it has.
PLACE = "/opt/slim-zoekportaal"
NAME = "zoekportaal.example.org"
# The log of who asked what, in the folder of a running nginx.
LOG = "zoekportaal.log"


@dataclass(frozen=True, slots=True)
class Proxy:
    """An nginx that runs: its two ports, and the certificate to trust."""

    http: int
    https: int
    certificate: Path


@contextmanager
def running_nginx(folder: Path, portal: int) -> Iterator[Proxy]:
    """nginx in front of what listens on a port of this machine; ends it. Skips the test where there is no nginx."""
    program = nginx_path()
    http, https = free_port(), free_port()
    certificate, key = make_certificate(folder)
    configuration = configured(folder, {"80": http, "443": https, "8501": portal}, certificate, key)
    process = subprocess.Popen([program, "-c", str(configuration), "-e", "stderr", "-g", "daemon off;"])
    try:
        _wait_for(https, process)
        yield Proxy(http, https, certificate)
    finally:
        process.terminate()
        process.wait(10)


def answer(
    proxy: Proxy, path: str = "/", headers: Mapping[str, str] | None = None, method: str = "GET", body: bytes = b""
) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer over https, the certificate checked against the portal's own name, which no name server knows."""
    trust = ssl.create_default_context(cafile=str(proxy.certificate))
    with socket.create_connection(("127.0.0.1", proxy.https), 20) as line:
        connection = http.client.HTTPSConnection(NAME, proxy.https)
        connection.sock = trust.wrap_socket(line, server_hostname=NAME)
        connection.request(method, path, body or None, {"Host": NAME, **(headers or {})})
        response = connection.getresponse()
        content = response.read()
        connection.close()
    return response, content


def nginx_path() -> str:
    """Where nginx is; the test is skipped where it is not."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx here (Debian: apt-get install nginx-light)")
    return program


def configured(folder: Path, ports: dict[str, int], certificate: Path, key: Path) -> Path:
    """The shipped file within a whole configuration: only ports, paths and the temporary folders are other ones."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    changes = {
        "    listen 80;\n": f"    listen 127.0.0.1:{ports['80']};\n",
        "    listen [::]:80;\n": "",
        "    listen 443 ssl http2;\n": f"    listen 127.0.0.1:{ports['443']} ssl http2;\n",
        "    listen [::]:443 ssl http2;\n": "",
        "server 127.0.0.1:8501;": f"server 127.0.0.1:{ports['8501']};",
        "/etc/ssl/zoekportaal/volledig.pem": str(certificate),
        "/etc/ssl/zoekportaal/sleutel.pem": str(key),
        f"root {PLACE}": f"root {ROOT}",
        "/var/log/nginx/zoekportaal.log": str(folder / LOG),
    }
    for shipped, ours in changes.items():
        assert text.count(shipped) == 1, shipped
        text = text.replace(shipped, ours)
    assert PLACE not in text
    (folder / "zoekportaal.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # as root the workers would become somebody who may not read these folders
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(
        f"{user}pid {folder / 'nginx.pid'};\nerror_log stderr;\nevents {{}}\nhttp {{\n"
        f"types {{ text/html html; }}\naccess_log off;\n{temporary}include {folder / 'zoekportaal.conf'};\n}}\n",
        encoding="utf-8",
    )
    return whole


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for NAME that nobody signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "volledig.pem", folder / "sleutel.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx does not start; it says why above"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")
