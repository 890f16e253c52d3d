"""A federation of real processes, started once for all journeys."""

from collections.abc import Iterator

import pytest

from scripts.federation import Federation


def port_base() -> int:
    """Ten neighbouring ports that nobody uses."""
    for base in range(18100, 19000, 20):
        if not Federation.taken(base):
            return base
    raise RuntimeError("no free ports")


@pytest.fixture(scope="session")
def federation(tmp_path_factory) -> Iterator[Federation]:
    """The demo's federation with its sample data, in a folder of its own."""
    home = tmp_path_factory.mktemp("federation")
    made = Federation(home, port_base())
    try:
        made.start()
        yield made
    finally:
        made.stop()
