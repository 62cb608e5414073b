from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.benchmarks import environments
from eval.benchmarks.environments import EnvironmentFailedError, python_of, quiet_environment, versions_of


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was installed, a list a time; nothing is fetched."""
    times: list[list[str]] = []

    def create(home: Path, clear: bool, with_pip: bool) -> None:
        (home / "bin").mkdir(parents=True, exist_ok=True)

    def install(python: Path, requirements: Sequence[str]) -> None:
        times.append(list(requirements))

    monkeypatch.setattr("eval.benchmarks.environments.venv.create", create)
    monkeypatch.setattr(environments, "_install", install)
    return times


def test_environments_are_made_once(installed: list[list[str]], tmp_path: Path) -> None:
    python = python_of("motor", ["motor==1.0"], tmp_path)
    assert python == python_of("motor", ["motor==1.0"], tmp_path)
    assert python.parent.name == "bin"
    assert installed == [["motor==1.0"]]


def test_environments_are_made_anew_when_requirements_change(installed: list[list[str]], tmp_path: Path) -> None:
    assert python_of("motor", ["motor==1.0"], tmp_path) != python_of("motor", ["motor==1.1"], tmp_path)
    assert len(installed) == 2


def test_environments_broken_off_are_made_anew(
    installed: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(python: Path, requirements: Sequence[str]) -> None:
        raise EnvironmentFailedError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(environments, "_install", fail)
        with pytest.raises(EnvironmentFailedError):
            python_of("motor", ["motor==1.0"], tmp_path)
    python_of("motor", ["motor==1.0"], tmp_path)
    assert installed == [["motor==1.0"]]


@pytest.mark.parametrize("loose", ["motor", "motor>=1", "motor==1.*", "motor @ file.whl", "motor==1; sys_platform"])
def test_environments_take_pinned_requirements_only(loose: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not pinned"):
        python_of("motor", ["ander==1.0", loose], tmp_path)


def test_environments_are_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elders")
    monkeypatch.setenv("HAYSTACK_TELEMETRY_ENABLED", "True")
    quiet = quiet_environment({"MEER": "1"})
    assert "PYTHONPATH" not in quiet
    assert (quiet["HAYSTACK_TELEMETRY_ENABLED"], quiet["MEER"]) == ("False", "1")


def test_environments_tell_versions() -> None:
    assert versions_of(Path(sys.executable), ["pytest"]) == {"pytest": pytest.__version__}


def test_environments_failing_install_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pip = tmp_path / "python"
    pip.write_text("#!/bin/sh\necho 'geen netwerk' >&2\nexit 3\n")
    pip.chmod(0o755)
    with pytest.raises(EnvironmentFailedError, match="motor==1"):
        environments._install(pip, ["motor==1"])
    assert "geen netwerk" in capsys.readouterr().err
