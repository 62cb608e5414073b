"""A real portal and a real browser, for whoever measures or tests the portal as a reader meets it.

with running_portal(data) as address, chromium() as browser:
    browser.new_page().goto(address)
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from index.settings import ROOT

_COMMAND = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true")
# Opening model and index takes some three seconds on two idle cores.
_PATIENCE = 120.0
# Without these Chromium looks for its maker's hosts, which a closed network refuses many times at every start.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# What lies in a data folder and answers no question; the models are found in the project's own folder.
_NOT_ANSWERING = {"scale", "cache", "models", "eval", "beir", "screenshots"}


class PortalFailedError(Exception):
    """Raised when a portal does not start; holds the last words of its log."""


class NoBrowserError(Exception):
    """Raised when there is no Chromium on this machine."""


@contextmanager
def running_portal(
    data: Path, environment: Mapping[str, str] | None = None, command: Sequence[str] = _COMMAND
) -> Iterator[str]:
    """A portal over a data folder, in a process of its own; gives its address, and ends it. `environment` is added.

    It is for this machine alone, as `make start` is: Beheer is open on it.

    Raises PortalFailedError if it does not answer a question within two minutes.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    ours = {
        **os.environ,
        "ZOEKPORTAAL_DATA": str(data),
        "ZOEKPORTAAL_BEHEER_OP_DEZE_COMPUTER": "ja",
        **(environment or {}),
    }
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*command, f"--server.port={port}"], cwd=ROOT, env=ours, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"{address}/gezond", process)
            yield address
        except TimeoutError as error:
            log.seek(0)
            raise PortalFailedError(f"the portal on {data} does not answer:\n{log.read()[-2000:]}") from error
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running_copy(data: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """A portal over a copy of a data folder, so that what is asked to measure is not counted as use of the portal."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "data"
        shutil.copytree(data, copy, ignore=lambda folder, names: _NOT_ANSWERING if Path(folder) == data else set())
        with running_portal(copy, environment) as address:
            yield address


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window. Raises NoBrowserError where there is none."""
    program = chromium_path()
    if program is None:
        raise NoBrowserError("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def chromium_path() -> str | None:
    """Where Chromium is, None if it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(address)
