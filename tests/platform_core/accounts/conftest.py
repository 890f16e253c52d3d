"""Every test of the log begins with an empty one."""

import pytest

from tests.factories.audit import tamper


@pytest.fixture(autouse=True)
def empty_log(db):
    """Reference data leaves rows of its own."""
    tamper("DELETE FROM audit_auditentry")
    tamper("DELETE FROM audit_audithead")
