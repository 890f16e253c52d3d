"""Desks at the nodes of the federation."""

from collections.abc import Callable, Iterator

import pytest

from scripts.federation import Federation

from .desk import Desk


@pytest.fixture
def desk(federation: Federation) -> Iterator[Callable[[str, str], Desk]]:
    """Sign somebody in at a node; the connections are closed afterwards."""
    made: list[Desk] = []

    def sign_in(code: str, username: str) -> Desk:
        made.append(Desk(federation, code, username))
        return made[-1]

    yield sign_in
    for each in made:
        each.close()
