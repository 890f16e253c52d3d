"""Several nodes at once."""

import pytest
from django.dispatch import Signal

from platform_core.datasets import services

from .federation import JINING, NATION, PROVINCE, QINGDAO, Federation


@pytest.fixture
def no_sender(monkeypatch):
    """The test carries records itself; nobody else is told."""
    monkeypatch.setattr(services, "published", Signal())


@pytest.fixture
def federation(db, no_sender):
    """Nation, province and two cities."""
    made = Federation((NATION, PROVINCE, QINGDAO, JINING))
    yield made
    made.close()


@pytest.fixture
def pair(db, no_sender):
    """A nation and a province."""
    made = Federation((NATION, PROVINCE))
    yield made
    made.close()
