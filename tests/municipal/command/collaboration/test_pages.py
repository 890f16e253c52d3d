"""Every page opens for whom it is for, empty and with the sample."""

import pytest
from django.urls import reverse

from municipal.command.collaboration import sample
from municipal.command.collaboration.models import DutyRule, Notice
from tests.factories.accounts import UserFactory
from tests.factories.command import lead

ADMIN = (
    "rule-list",
    "rule-add",
    "rule-import",
    "learn",
    "suggestion-list",
    "auto-list",
    "auto-set",
    "type-list",
    "type-add",
    "platform-list",
    "platform-set",
    "system-list",
    "system-add",
    "callback-list",
)
LEADER = (
    "units",
    "part-list",
    "notice-list",
    "instruction-list",
    "meeting-list",
    "district-list",
    "district-figures",
)


@pytest.mark.parametrize("name", ADMIN)
def test_pages_of_the_administrator(client, admin, city, name):
    client.force_login(admin)
    assert client.get(reverse(f"collaboration:{name}")).status_code == 200
    client.force_login(city.dept_handler)
    assert client.get(reverse(f"collaboration:{name}")).status_code == 403


@pytest.mark.parametrize("name", LEADER)
def test_pages_of_those_who_watch(client, city, name):
    client.force_login(city.overseer)
    assert client.get(reverse(f"collaboration:{name}")).status_code == 200


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("involve", "dispatcher"),
        ("team", "dept_handler"),
        ("stage", "dept_handler"),
        ("supervise", "overseer"),
        ("instruct", "bureau_leader"),
        ("meeting", "dispatcher"),
        ("merge", "dispatcher"),
    ],
)
def test_dialogs_of_a_case_open_for_their_post(client, city, name, role):
    case = lead(city, "handling")
    client.force_login(city.person(role))
    url = reverse(f"collaboration:{name}", args=[case.uid])
    assert url in client.get(case.get_absolute_url()).content.decode()
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200


def test_the_sample_is_loaded_once(city):
    UserFactory(roles=["dispatcher"])
    for _ in range(3):
        lead(city, "handling")
    sample.load()
    first = (DutyRule.objects.count(), Notice.objects.count())
    assert first[1] == 3
    sample.load()
    assert (DutyRule.objects.count(), Notice.objects.count()) == first


@pytest.mark.parametrize("name", ["auto-list", "type-list"])
def test_switches_and_types_are_kept(client, admin, city, name):
    client.force_login(admin)
    given = {
        "auto-list": {
            "class_kind": "matter",
            "class_code": "06010",
            "least": "0.8",
            "is_on": "on",
        },
        "type-list": {"name": "环卫", "unit": city.unit.pk},
    }[name]
    form = {"auto-list": "auto-set", "type-list": "type-add"}[name]
    answer = client.post(reverse(f"collaboration:{form}"), given)
    assert answer["Location"] == reverse(f"collaboration:{name}")
    shown = client.get(answer["Location"]).content.decode()
    assert next(iter({"auto-list": ["06010"], "type-list": ["环卫"]}[name])) in shown
