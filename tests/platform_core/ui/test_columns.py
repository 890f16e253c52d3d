"""What a cell shows."""

from types import SimpleNamespace

import pytest

from platform_core.ui.columns import Column


@pytest.mark.parametrize("render", [None, lambda row: row.score])
def test_a_cell_without_a_value_shows_a_dash(render):
    column = Column("score", "Score", render=render)
    assert "—" in str(column.cell(SimpleNamespace(score=None)))
    assert column.cell(SimpleNamespace(score=3)) == 3
