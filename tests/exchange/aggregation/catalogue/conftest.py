"""This platform is the province, as in the other tests of the exchange."""

import pytest


@pytest.fixture(autouse=True)
def province(as_node):
    as_node("P37000001")
