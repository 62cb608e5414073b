"""`python -m index.postgres` helps an ingest on another host: it embeds what stands in the queue of the server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from index.encoder import load_encoder
from index.errors import SearchIndexError
from index.postgres.embedding import work
from index.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Works until it is stopped, and returns the exit status: 0 stopped, 1 it cannot work, 2 wrong usage."""
    settings = Settings.of_environment()
    parser = argparse.ArgumentParser(
        prog="python -m index.postgres", description="Rekent mee aan wat er op een andere computer wordt ingelezen."
    )
    parser.parse_args(arguments)
    if not settings.backend:
        parser.error("zet het adres van de databank in ZOEKPORTAAL_BACKEND")
    try:
        encoder = load_encoder(settings.model, settings.models)
        print("Er wordt meegerekend. Stoppen: Ctrl+C.", file=sys.stderr)
        work(settings.backend, encoder)
    except KeyboardInterrupt:
        print("Het meerekenen is gestopt.", file=sys.stderr)
    except SearchIndexError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
