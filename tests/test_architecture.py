"""Imports run one way: app and eval → index → ingest's types. Held by reading the code, not by running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]

ROOMS = ("ingest", "index", "eval", "app_pages", "app")

# What a module of a room may import of the project; a name allows itself and everything below it.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "ingest": ("ingest",),
    "index": (
        "index",
        *(
            f"ingest.{name}"
            for name in ("cleaning", "documents", "errors", "folding", "ledger", "portefeuilles", "writing")
        ),
    ),
    "eval": ("eval", "index", "ingest"),
    "app_pages": ("app_pages", "index", "ingest"),
}

# Only the portal imports streamlit; and of all the rest the one module that speaks as a browser does, its messages.
SPEAKS_AS_A_BROWSER = ("eval/benchmarks/portal_visitors.py", "streamlit.proto")

# And the clients of one benchmark take their searcher where the portal's pages take it.
ASKS_AS_THE_PORTAL = ("eval/benchmarks/concurrency_clients.py", "app_pages._resources")


def test_architecture_imports_run_one_way() -> None:
    assert [complaint for path in modules() for complaint in violations(path, (ROOT / path).read_text("utf-8"))] == []


@pytest.mark.parametrize("room", ["ingest", "index"])
def test_architecture_reads_the_modules_of(room: str) -> None:
    assert any(path.parts[0] == room for path in modules())


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("ingest/sections.py", "import index"),
        ("ingest/sections.py", "from eval.measures import mrr"),
        ("ingest/readers/pdf.py", "from index.versions import publish"),
        ("ingest/sections.py", "def later():\n    from index import versions"),
        ("ingest/sections.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app_pages.zoeken"),
        ("ingest/sections.py", "import importlib\nimportlib.import_module('index.searcher')"),
        ("index/store.py", "from ingest.pipeline import ingest"),
        ("index/store.py", "from ingest import pipeline"),
        ("index/store.py", "import ingest.documents, ingest.pipeline"),
        ("index/__init__.py", "from . import store\nfrom eval import gate"),
        ("eval/gate.py", "from app_pages import zoeken"),
        ("eval/benchmarks/concurrency_clients.py", "from app_pages import zoeken"),
        ("eval/benchmarks/concurrency.py", "from app_pages import _resources"),
        ("app_pages/zoeken.py", "import eval.gate"),
        ("app_pages/zoeken.py", "import app"),
        ("index/searcher.py", "import streamlit as st"),
        ("eval/report.py", "from streamlit.testing.v1 import AppTest"),
        ("eval/benchmarks/portal_visitors.py", "import streamlit"),
        ("eval/benchmarks/portal.py", "from streamlit.proto.BackMsg_pb2 import BackMsg"),
        ("index/__main__.py", "import streamlit"),
    ],
)
def test_architecture_bites_on(path: str, line: str) -> None:
    assert len(violations(PurePosixPath(path), line)) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("ingest/pipeline.py", "import json\nimport pypdf\nfrom ingest.readers.pdf import read\nfrom . import layout"),
        ("ingest/readers/pdf.py", "from ..errors import UnreadableError\nfrom .html import read"),
        ("ingest/__main__.py", "from index.versions import publish"),
        ("index/store.py", "from ingest.documents import Passage\nfrom ingest import errors\nimport index.results"),
        ("index/__main__.py", "import ingest.pipeline"),
        ("eval/gate.py", "from index import searcher\nfrom ingest.pipeline import ingest"),
        ("app_pages/zoeken.py", "import streamlit as st\nfrom index import searcher\nfrom ._resources import searcher"),
        ("app.py", "import streamlit as st\nimport eval.gate\nfrom ingest import pipeline"),
        ("eval/benchmarks/portal_visitors.py", "from streamlit.proto.BackMsg_pb2 import BackMsg"),
        ("eval/benchmarks/concurrency_clients.py", "from app_pages import _resources"),
        ("ingest/sections.py", "import indexed_gzip, evaluate"),
    ],
)
def test_architecture_lets_pass(path: str, line: str) -> None:
    assert violations(PurePosixPath(path), line) == []


def modules() -> Iterator[PurePosixPath]:
    """Every Python file of the rooms, relative to the project's root."""
    for room in ROOMS:
        files = [ROOT / f"{room}.py"] if room == "app" else sorted((ROOT / room).rglob("*.py"))
        yield from (PurePosixPath(file.relative_to(ROOT).as_posix()) for file in files if file.is_file())


def violations(path: PurePosixPath, source: str) -> list[str]:
    """What one module imports against the rules, a line each.

    'ingest/sections.py', 'import index' → ['ingest/sections.py:1 imports index']
    """
    room = path.parts[0].removesuffix(".py")
    entry = path.name in ("__main__.py", "app.py")
    return [
        f"{path}:{line} imports {name}"
        for line, name in imported(path, source)
        if (within(name, "streamlit") and not any(within(name, allowed) for allowed in may_import_streamlit(path)))
        or (
            not entry
            and any(within(name, other) for other in ROOMS)
            and not any(within(name, allowed) for allowed in MAY_IMPORT[room])
            and (str(path), name) != ASKS_AS_THE_PORTAL
        )
    ]


def may_import_streamlit(path: PurePosixPath) -> tuple[str, ...]:
    """What of streamlit a module may import: all of it in the portal, its messages where a browser is played."""
    if path.parts[0].removesuffix(".py") in ("app", "app_pages"):
        return ("streamlit",)
    module, messages = SPEAKS_AS_A_BROWSER
    return (messages,) if str(path) == module else ()


def imported(path: PurePosixPath, source: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything a module imports, at any depth; relative names made absolute.

    'index/store.py', 'from . import words' → (1, 'index.words');  'from ingest import errors' → (1, 'ingest.errors')
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                above = path.parts[: len(path.parts) - level] if level else ()
                base = ".".join([*above, *([module] if module else [])])
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or stands below it: 'index.store' in 'index', but not 'indexed_gzip'."""
    return name == package or name.startswith(f"{package}.")
