"""Virtual environments for the engines that we are measured beside: none of them is installed in our own.

    python = python_of("haystack", ["haystack-ai==3.4.0"])
    subprocess.run([python, "-c", "import haystack"], env=quiet_environment())

An environment is made once, the first time that it is asked for, and again when its requirements change.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.settings import ROOT

FOLDER = ROOT / "data" / "cache" / "benchmark-envs"

# Engines that report their use do not report ours: nothing that is measured here leaves the machine.
_SILENT = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_DISABLE_TELEMETRY": "1", "DO_NOT_TRACK": "1"}

# 'haystack-ai==3.4.0', 'torch==2.13.0+cpu', 'sentence-transformers[onnx]==6.2.0'
_PINNED = re.compile(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[\w.+!]+")


class EnvironmentFailedError(Exception):
    """Raised when an environment cannot be made: no network, or a package that is not to be had."""


def python_of(name: str, requirements: Sequence[str], folder: Path = FOLDER) -> Path:
    """The interpreter of an environment with these requirements, each pinned; made now if it is not there yet.

    Safe to call from several processes: the second waits for the first. Raises ValueError for a requirement without
    a version, and EnvironmentFailedError with pip's last words if installing fails.
    """
    loose = [requirement for requirement in requirements if not _PINNED.fullmatch(requirement)]
    if loose:
        raise ValueError(f"not pinned to one version: {', '.join(loose)}")
    digest = hashlib.sha256("\n".join(sorted(requirements)).encode()).hexdigest()[:8]
    home = folder / f"{name}-{digest}"
    python, done = home / "bin" / "python", home / ".installed"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():  # written last: what was broken off is made anew
            venv.create(home, clear=True, with_pip=True)
            _install(python, requirements)
            done.touch()
    return python


def quiet_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment for a program of another one: without our own paths, and with telemetry off."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, **_SILENT, **(more or {})}


def versions_of(python: Path, packages: Sequence[str]) -> dict[str, str]:
    """What is installed there of these packages: {'pypdf': '6.1.0'}. For the record beside every measurement."""
    code = "import sys, importlib.metadata as m; print(*(m.version(name) for name in sys.argv[1:]), sep='\\n')"
    told = subprocess.run(
        [python, "-c", code, *packages], env=quiet_environment(), check=True, capture_output=True, text=True
    )
    return dict(zip(packages, told.stdout.split(), strict=True))


def _install(python: Path, requirements: Sequence[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    made = subprocess.run([*command, *requirements], env=quiet_environment(), capture_output=True, text=True)
    if made.returncode:
        print(made.stderr, file=sys.stderr)
        raise EnvironmentFailedError(f"pip could not install {', '.join(requirements)} (exit {made.returncode})")
