"""What the systemd units of deploy/ say, read for the tests."""

from __future__ import annotations

import shlex
import sys

from tests.deploy.proxied import DEPLOY, PLACE


def told(unit: str) -> dict[str, list[str]]:
    """'[Service]\\nUser=a' → {'Service.User': ['a']}; a comment or an empty line says nothing."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (DEPLOY / unit).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(f"{section}.{name}", []).append(value)
    return found


def command(unit: str) -> list[str]:
    """What the unit starts, with the Python of these tests in the place of that of /opt."""
    (line,) = told(unit)["Service.ExecStart"]
    program, *more = shlex.split(line)
    assert program == f"{PLACE}/.venv/bin/python"
    return [sys.executable, *more]


def environment() -> dict[str, str]:
    """The shipped file with settings, without what is commented out."""
    lines = (DEPLOY / "omgeving").read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}
