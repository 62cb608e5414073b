"""The units for systemd: what systemd itself says of them, and that what they start is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from index.settings import ROOT
from tests.deploy.proxied import DEPLOY, NAME, PLACE
from tests.deploy.units import command, environment, told

UNITS = ("zoekportaal.service", "zoekportaal-inlezen.service", "zoekportaal-inlezen.timer")
SERVICES = UNITS[:2]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_units_are_right_for_systemd(tmp_path: Path) -> None:
    for unit in UNITS:
        # only the program that is not in /opt here is another one
        text = (DEPLOY / unit).read_text("utf-8").replace(f"{PLACE}/.venv/bin/python", "/bin/true")
        (tmp_path / unit).write_text(text, encoding="utf-8")

    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit) for unit in UNITS)],
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_units_settings_keep_all_that_is_written_out_of_the_program() -> None:
    places = {name: value for name, value in environment().items() if value.startswith("/var")}

    assert set(places) == {"ZOEKPORTAAL_DATA", "ZOEKPORTAAL_CORPUS", "ZOEKPORTAAL_MODELS", "HOME"}
    assert all(f"{value}/".startswith("/var/lib/zoekportaal/") for value in places.values())


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("runuser") is None or not (ROOT / ".venv/bin/python").exists(),
    reason="only root becomes another user, and it needs what `make install` makes",
)
def test_units_task_runs_with_the_settings(tmp_path: Path) -> None:
    (tmp_path / "omgeving").write_text(f"ZOEKPORTAAL_CORPUS={tmp_path}/nergens\n", encoding="utf-8")
    ours = {**os.environ, "ZOEKPORTAAL_OMGEVING": str(tmp_path / "omgeving"), "ZOEKPORTAAL_GEBRUIKER": "root"}

    done = subprocess.run([DEPLOY / "opdracht", "--offline"], env=ours, capture_output=True, text=True)

    assert done.returncode == 2
    assert f"De map {tmp_path}/nergens bestaat niet" in done.stderr


@pytest.mark.parametrize("unit", SERVICES)
def test_units_start_what_the_project_has(unit: str) -> None:
    program, dash, module, *more = command(unit)

    assert dash == "-m"
    # either a room of the project with a __main__, or Streamlit with the portal's own entry
    assert (ROOT / module / "__main__.py").is_file() or (module == "streamlit" and more[:2] == ["run", "app.py"])
    told_to_help = subprocess.run([program, dash, module, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert told_to_help.returncode == 0


@pytest.mark.parametrize("unit", SERVICES)
def test_units_write_only_where_the_settings_say(unit: str) -> None:
    says = told(unit)

    assert says["Service.WorkingDirectory"] == [PLACE]
    assert says["Service.ProtectSystem"] == ["strict"]
    assert says["Service.StateDirectory"] == ["zoekportaal"]
    assert "Service.ReadWritePaths" not in says
    assert says["Service.User"] == ["zoekportaal"]
    assert says["Service.NoNewPrivileges"] == ["yes"]


def test_units_have_the_portal_listen_to_this_machine_only() -> None:
    assert "--server.address=127.0.0.1" in command("zoekportaal.service")
    assert "server 127.0.0.1:8501;" in (DEPLOY / "nginx.conf").read_text("utf-8")
    assert "--server.port=8501" in command("zoekportaal.service")


def test_units_settings_are_those_that_the_code_reads() -> None:
    code = "".join(
        file.read_text("utf-8") for room in ("index", "ingest", "app_pages") for file in (ROOT / room).rglob("*.py")
    )
    # also what is commented out
    named = set(re.findall(r"^#?(ZOEKPORTAAL_\w+)=", (DEPLOY / "omgeving").read_text("utf-8"), re.MULTILINE))

    assert named == {name for name in named if name in code} != set()
    assert environment()["STREAMLIT_BROWSER_SERVER_ADDRESS"] == NAME


@pytest.mark.parametrize("file", sorted(file.name for file in DEPLOY.iterdir()))
def test_units_and_their_like_stand_in_the_manual(file: str) -> None:
    assert f"`deploy/{file}`" in (ROOT / "HANDLEIDING.md").read_text("utf-8")
