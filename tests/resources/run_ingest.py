"""`python tests/resources/run_ingest.py MOMENT --corpus … --data …`: one ingest run with the toy encoder.

It kills itself, as a power cut would, when it touches the data folder for the MOMENT-th time: just before a file is
opened, renamed or removed, or a folder made. At moment 0 it runs to its end; the last line says how many there are.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import ingest.__main__ as entry
from tests.conftest import ToyEncoder

EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect")


def main() -> int:
    moment, arguments = int(sys.argv[1]), sys.argv[2:]
    data = arguments[arguments.index("--data") + 1]
    seen = 0

    def watch(event: str, given: tuple[object, ...]) -> None:
        nonlocal seen
        if event in EVENTS and given and str(given[0]).startswith(data):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    encoder = ToyEncoder()
    vars(entry).update(load_encoder=lambda *_args, **_more: encoder, identify=lambda *_args: encoder.fingerprint)
    sys.addaudithook(watch)
    status = entry.main(arguments)
    print(seen)
    return status


if __name__ == "__main__":
    sys.exit(main())
