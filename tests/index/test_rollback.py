"""Going back to an earlier version that is whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.errors import NoVersionError
from index.rollback import NothingToRollBackError, rollback
from index.searcher import Searcher
from index.versions import current_version, open_current, remove_old, versions
from tests.conftest import ToyEncoder
from tests.index.toy import publish_one


def test_rollback_goes_back_a_version_each_time(tmp_path: Path) -> None:
    first, second, third = (publish_one(tmp_path, f"Dit is uitgave {number}.") for number in ("een", "twee", "drie"))
    assert rollback(tmp_path) == second == current_version(tmp_path)
    hits = Searcher(tmp_path, ToyEncoder()).search("uitgave").hits
    assert hits[0].passage.text == "Dit is uitgave twee."
    assert rollback(tmp_path) == first
    with pytest.raises(NothingToRollBackError, match="geen eerdere versie die heel is"):
        rollback(tmp_path)
    assert current_version(tmp_path) == first
    assert versions(tmp_path) == [first, second, third]  # nothing is lost


def test_rollback_without_versions_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingToRollBackError):
        rollback(tmp_path)


@pytest.mark.parametrize("part", ["manifest.json", "store.sqlite", "vectors.faiss", "owners.npy", "hubs.npy", "words"])
@pytest.mark.parametrize("how", ["gone", "cut off"])
def test_rollback_passes_over_damaged_versions(tmp_path: Path, part: str, how: str) -> None:
    first, second, _ = (publish_one(tmp_path, f"Uitgave {number} is er nu.") for number in range(3))
    path = tmp_path / "index" / second / part
    if how == "gone":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    else:
        for file in path.iterdir() if path.is_dir() else [path]:
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    said: list[str] = []
    assert rollback(tmp_path, said.append) == first
    assert said == [f"Versie {second} is beschadigd en wordt overgeslagen."]


def test_rollback_passes_over_versions_of_another_model(tmp_path: Path) -> None:
    first = publish_one(tmp_path, "Een zin.")
    publish_one(tmp_path, "Een zin.", encoder=ToyEncoder("ander"))
    publish_one(tmp_path, "Nog een zin.")
    said: list[str] = []
    assert rollback(tmp_path, said.append) == first
    assert "ander taalmodel" in said[0]


def test_rollback_passes_over_versions_of_another_release(tmp_path: Path) -> None:
    first, older, _ = (publish_one(tmp_path, f"Uitgave {number} is er nu.") for number in range(3))
    manifest = tmp_path / "index" / older / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "form": 1}))
    said: list[str] = []
    assert rollback(tmp_path, said.append) == first
    assert said == [f"Versie {older} is gemaakt door een andere uitgave van het portaal en wordt overgeslagen."]


def test_rollback_helps_when_current_is_damaged_or_lost(tmp_path: Path) -> None:
    first, second = (publish_one(tmp_path, f"Uitgave {number} is er nu.") for number in range(2))
    shutil.rmtree(tmp_path / "index" / second)
    assert rollback(tmp_path) == first
    (tmp_path / "index" / "CURRENT").unlink()
    with pytest.raises(NoVersionError):
        open_current(tmp_path)
    assert rollback(tmp_path) == first


def test_rollback_and_the_same_again_keeps_three_versions_that_differ(tmp_path: Path) -> None:
    first, second, left = (publish_one(tmp_path, f"Uitgave {number} is er nu.") for number in range(3))
    rollback(tmp_path)
    again = publish_one(tmp_path, "Uitgave 2 is er nu.")
    assert versions(tmp_path) == [first, second, again]
    assert left not in versions(tmp_path)
    rollback(tmp_path)
    other = publish_one(tmp_path, "Uitgave 3 is er nu.")

    assert versions(tmp_path) == [second, again, other]


def test_remove_old_keeps_versions_of_one_recipe_that_differ(tmp_path: Path) -> None:
    made = [publish_one(tmp_path, f"Uitgave {number} is er nu.") for number in range(2)]
    remove_old(tmp_path)
    assert versions(tmp_path) == made
