from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedVersionError
from index.fusion import holds_sought
from index.query import Sought
from index.sought import read_sought, write_sought
from index.versions import Layout
from tests.index.toy import PASSAGES


def test_sought_is_read_as_it_was_written(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    write_sought(layout, PASSAGES)
    found = read_sought(layout, len(PASSAGES))
    assert set(found) == set(Sought)
    for kind in (Sought.PERSON, Sought.DATE, Sought.NUMBER):
        assert found[kind].tolist() == [float(holds_sought(passage.text, kind)) for passage in PASSAGES]
        assert 0 < found[kind].sum() < len(PASSAGES)
    assert not found[Sought.OTHER].any()


def test_sought_of_no_passages_is_empty(tmp_path: Path) -> None:
    write_sought(Layout(tmp_path), [])
    assert all(len(rows) == 0 for rows in read_sought(Layout(tmp_path), 0).values())


def test_sought_tells_damage(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with pytest.raises(DamagedVersionError):
        read_sought(layout, 2)
    layout.sought.write_bytes(b"\x93NUMPY")
    with pytest.raises(DamagedVersionError):
        read_sought(layout, 2)
    np.save(layout.sought, np.zeros((3, 3), dtype=bool))
    with pytest.raises(DamagedVersionError):
        read_sought(layout, 2)
