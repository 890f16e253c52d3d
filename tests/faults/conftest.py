"""One pair of platforms for all these tests; FAULT_SEEDS says how many seeds."""

import pytest

from .nodes import Pair


@pytest.fixture(scope="package")
def pair(tmp_path_factory):
    with Pair(tmp_path_factory.mktemp("faults") / "nodes") as made:
        yield made
