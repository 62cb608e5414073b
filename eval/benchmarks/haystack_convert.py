"""Run by the interpreter of Haystack's own environment: the path of a PDF a line in, pages and CPU seconds as JSON out.

'nota.pdf' → {"pages": 12, "seconds": 0.8, "characters": 21034}. Only PyPDFToDocument's own work is timed.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys
import time


def main() -> None:
    """Converts each file that is named on standard input, until it ends."""
    logging.disable(logging.CRITICAL)
    # by name: the engine is installed in its own environment, and nowhere else
    converter = importlib.import_module("haystack.components.converters").PyPDFToDocument()
    for line in sys.stdin:
        began = time.process_time()
        documents = converter.run(sources=[line.rstrip("\n")])["documents"]
        seconds = time.process_time() - began
        text = documents[0].content if documents else ""
        # the converter ends each page with a form feed
        told = {"pages": text.count("\f") + 1 if text else 0, "seconds": seconds, "characters": len(text)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
