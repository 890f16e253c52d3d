"""A street of the city with its people."""

import pytest

from tests.conftest import load_reference
from tests.factories import command as factory


@pytest.fixture
def city(db) -> factory.City:
    return factory.district()


@pytest.fixture
def real_commits(transactional_db, reference_again, monkeypatch):
    """Reference data where every commit is real, and no messages to workers."""
    monkeypatch.setattr("celery.current_app.send_task", lambda *args, **given: None)
    load_reference()
