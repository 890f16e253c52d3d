"""A small process of its own for the tests of this app."""

import copy

import pytest

from platform_core.processes import guards, services
from tests.factories.accounts import UserFactory

PERMIT = {
    "initial": "applied",
    "roles": {"acceptor": "受理员", "duty_leader": "值班长"},
    "states": [
        {"code": "applied", "name": "已申请", "name_en": "Applied"},
        {"code": "checked", "name": "已审查", "name_en": "Checked"},
        {"code": "granted", "name": "已批准", "terminal": True},
    ],
    "transitions": [
        {
            "source": "applied",
            "action": "check",
            "name": "审查",
            "role": "acceptor",
            "target": "checked",
            "guard": "test_papers",
        },
        {
            "source": "checked",
            "action": "grant",
            "name": "批准",
            "role": "duty_leader",
            "target": "granted",
        },
        {
            "source": "checked",
            "action": "back",
            "name": "退回",
            "role": "duty_leader",
            "target": "applied",
            "reason_required": True,
            "automatic": True,
        },
    ],
}

guards.register(
    "test_papers",
    lambda facts: "test_no_papers" if facts.get("papers") == 0 else None,
    {"test_no_papers": "材料不全"},
)


@pytest.fixture
def body():
    return copy.deepcopy(PERMIT)


@pytest.fixture
def permit(db, body):
    return services.publish_definition(code="permit", body=body, title="许可")


@pytest.fixture
def instance(permit):
    return services.start("permit")


@pytest.fixture
def acceptor(db):
    return UserFactory(full_name="王受理", roles=["acceptor"])


@pytest.fixture
def leader(db):
    return UserFactory(full_name="李班长", roles=["duty_leader"])
