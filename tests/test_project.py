"""What the project says of itself: its dependencies, their pins, its commands, publiccode.yml."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = ("ingest", "index", "eval", "app_pages")

# Taken apart, so that this file does not name them either.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("download", "pytorch", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
    )
)


def runtime() -> list[str]:
    """The requirements of the portal itself."""
    listed: list[str] = PYPROJECT["project"]["dependencies"]
    return listed


def files_of(room: str) -> list[str]:
    """The Python files of a room, without those in rooms of its own."""
    return [str(file.relative_to(ROOT)) for file in sorted((ROOT / room).glob("*.py"))]


def for_tests() -> list[str]:
    """The requirements of the extras, which only the tests and the typesetting have."""
    extras: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
    return [listed for extra in extras.values() for listed in extra]


def pins() -> dict[str, str]:
    """Package → version, as constraints.txt pins them; fails on a line that pins nothing."""
    pinned: dict[str, str] = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, version = line.strip().split("==")
            pinned[canonicalize_name(name)] = version
    return pinned


@pytest.mark.parametrize("listed", [*runtime(), *for_tests(), *PYPROJECT["build-system"]["requires"]])
def test_project_dependency_has_two_bounds(listed: str) -> None:
    operators = {specifier.operator for specifier in Requirement(listed).specifier}

    assert operators == {"=="} if Requirement(listed).name == "torch" else operators == {">=", "<"}


def test_project_torch_is_exact() -> None:
    assert [listed for listed in runtime() if listed.startswith("torch")] == ["torch==2.13.0"]


@pytest.mark.parametrize("listed", [*runtime(), *for_tests()])
def test_project_dependency_is_pinned_within_its_bounds(listed: str) -> None:
    requirement = Requirement(listed)

    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_project_pins_are_plain_versions() -> None:
    assert [version for version in pins().values() if not re.fullmatch(r"[0-9]+(\.[0-9a-z]+)*", version)] == []


@pytest.mark.parametrize(
    ("where", "listed"),
    [
        (("ingest", "index", "app_pages", "app.py", *files_of("eval")), runtime()),
        (("tests", "corpus", "eval/benchmarks"), [*runtime(), *for_tests()]),  # benchmarks drive a browser, as tests do
    ],
    ids=["portal", "tests"],
)
def test_project_imports_only_what_it_lists(where: tuple[str, ...], listed: list[str]) -> None:
    own = {*ROOMS, "app", "tests"}
    declared = {canonicalize_name(Requirement(line).name) for line in listed}
    # What another package draws in is not ours to lean on: transformers comes with sentence-transformers, say.
    distributions = packages_distributions()
    undeclared = {
        f"{file.relative_to(ROOT)}: {module}"
        for file, module in top_level_imports(where)
        if module not in own
        and module not in sys.stdlib_module_names
        and not declared & {canonicalize_name(name) for name in distributions.get(module, [module])}
    }

    assert undeclared == set()


def top_level_imports(where: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Every file with every package it imports absolutely: `import faiss.contrib` → (file, 'faiss').

    A module that stands beside the file that imports it, as scripts do, is no package.
    """
    for name in where:
        place = ROOT / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.is_file():
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                names: list[str] = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                    names = [node.module]
                for module in (name.partition(".")[0] for name in names):
                    if not (file.parent / f"{module}.py").is_file():
                        yield file, module


def test_project_lists_its_packages() -> None:
    found = {
        init.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for room in ROOMS
        for init in (ROOT / room).rglob("__init__.py")
    }

    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == found


def test_project_names_no_registry() -> None:
    named = {
        f"{file}: {host}"
        for file in project_files()
        for host in REGISTRY_HOSTS
        if host.encode() in (ROOT / file).read_bytes().lower()
    }

    assert named == set()


def project_files() -> list[str]:
    """What git tracks or would track; every file outside the made folders where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        files = [file for file in listing.stdout.split("\0") if (ROOT / file).is_file()]
    else:
        made = {".venv", "data", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__"}
        paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        files = [path.as_posix() for path in paths if not made.intersection(path.parts)]
    assert "pyproject.toml" in files
    return files


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
@pytest.mark.parametrize(
    ("target", "wanted", "unwanted"),
    [
        ("start", ["-m venv", "-m ingest", "-m streamlit run app.py"], ["requirements-test", "-m pytest"]),
        ("install", ["-m venv", "requirements.txt"], ["-m ingest", "-m streamlit", "requirements-test"]),
        ("test", ["-m venv", "requirements-test", "ruff check", "ruff format --check", "-m mypy", "-m pytest"], []),
    ],
)
def test_project_makes_from_nothing(target: str, wanted: list[str], unwanted: list[str], tmp_path: Path) -> None:
    # The tests may themselves run under make: its flags (-n, -j) are not for this one.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    steps = subprocess.run(
        ["make", "--dry-run", target, f"VENV={tmp_path}/venv"],
        cwd=ROOT,
        env=clean,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert [step for step in wanted if step not in steps] == []
    assert [step for step in unwanted if step in steps] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
@pytest.mark.parametrize(("said", "heard"), [(None, "ja"), ("", "ja"), ("nee", "nee")])
def test_project_make_start_is_for_this_machine_alone(said: str | None, heard: str, tmp_path: Path) -> None:
    name = "ZOEKPORTAAL_BEHEER_OP_DEZE_COMPUTER"
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\necho "$2: ${name}"\n')
    python.chmod(0o755)
    (tmp_path / ".installed").touch()
    given = {one: value for one, value in os.environ.items() if not one.startswith(("MAKE", "MFLAGS")) and one != name}
    given |= {} if said is None else {name: said}

    told = subprocess.run(
        ["make", "start", f"VENV={tmp_path}"], cwd=ROOT, env=given, check=True, capture_output=True, text=True
    ).stdout

    assert f"streamlit: {heard}\n" in told


def test_project_ci_script_is_a_runnable_shell_script() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)


def test_project_licence_is_complete() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")

    assert re.findall(r"^(\d+)\. [A-Z]", licence, re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert licence.rstrip().endswith(
        "All other changes or additions to this Appendix require the production of a new\nEUPL version."
    )


def test_project_publiccode_holds_to_the_standard() -> None:
    yaml = pytest.importorskip("yaml", reason="no YAML parser at hand")
    code: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))

    # The mandatory keys of standard 0.4, and the values that it allows for them.
    assert code["publiccodeYmlVersion"] == "0.4"
    assert code["name"] == "Slim Zoekportaal"
    assert code["url"].startswith("https://")
    assert code["platforms"] == ["web"]
    assert set(code["categories"]) <= {"document-management", "knowledge-management"}
    assert code["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert code["softwareType"] == "standalone/web"
    assert code["legal"]["license"] == PYPROJECT["project"]["license"] == "EUPL-1.2"
    assert code["localisation"] == {"localisationReady": False, "availableLanguages": ["nl"]}
    assert isinstance(code.get("releaseDate", date.min), date)
    assert set(code["description"]) == {"nl", "en"}
    for description in code["description"].values():
        assert 0 < len(description["shortDescription"].strip()) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]
    assert code["maintenance"]["type"] in {"internal", "community", "contract", "none"}
    needed = {"internal": "contacts", "community": "contacts", "contract": "contractors"}
    if code["maintenance"]["type"] in needed:
        assert code["maintenance"][needed[code["maintenance"]["type"]]]
