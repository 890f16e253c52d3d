"""Sample organisations and people of each tier."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from platform_core.accounts import sample
from platform_core.accounts.groups import sync_roles
from platform_core.accounts.models import OrgUnit, User

pytestmark = pytest.mark.django_db

NEEDED = {
    "N10000001": {"clerk", "leader", "admin"},
    "P37000001": {"clerk", "leader", "inspector", "admin"},
    "M37020001": {
        "liaison",
        "acceptor",
        "dutyleader",
        "dispatcher",
        "leader",
        "inspector1",
        "inspector2",
        "inspector3",
        "handler1",
        "handler2",
        "handler3",
        "admin",
    },
}
NEEDED["M37080001"] = NEEDED["M37020001"]


@pytest.mark.parametrize("node", sorted(NEEDED))
def test_people_of_every_node_can_sign_in_with_their_role(as_node, node):
    as_node(node)
    sync_roles()
    sample.load()
    found = {row["username"]: row for row in sample.sample_accounts()}
    assert set(found) >= NEEDED[node]
    for username, row in found.items():
        user = User.objects.get(username=username)
        assert user.role_codes == {row["role"]}
        assert user.is_sample
        assert not user.must_change_password
        assert user.has_perm("accounts.change_user") is (row["role"] == "sys_admin")
        assert user.check_password(sample.DEFAULT_PASSWORD)
        assert user.unit.is_sample


def test_loading_twice_changes_nothing():
    sample.load()
    before = (OrgUnit.objects.count(), User.objects.count())
    User.objects.filter(username="acceptor").update(full_name="改名")
    User.objects.get(username="dispatcher").delete()
    sample.load()
    assert (OrgUnit.objects.count(), User.objects.count()) == before
    assert User.objects.get(username="acceptor").full_name == "改名"


def test_organisations_of_a_city_form_one_tree():
    sample.load()
    centre = OrgUnit.objects.get(code="370200-centre")
    names = set(OrgUnit.objects.under(centre).values_list("short_name", flat=True))
    assert names == {"城市运行管理服务中心", "监督中心", "指挥中心"}
    street = OrgUnit.objects.get(code="370202-street-1")
    assert street.depth == 2
    assert street.division_id == "370202"
    assert OrgUnit.objects.filter(kind="enterprise").count() == 2


def test_a_city_without_a_table_gets_the_general_one(as_node):
    plan = sample.described("M32010001")
    assert {unit.division[:4] for unit in plan.units} == {"3201"}
    assert "南京市城市管理局" in {unit.name for unit in plan.units}
    assert {person.username for person in plan.people} >= NEEDED["M37020001"]


def test_command_lists_accounts_for_people_and_programs():
    sample.load()
    out = StringIO()
    call_command("demo_accounts", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    seat = next(row for row in rows if row["username"] == "acceptor")
    assert seat == {
        "role": "acceptor",
        "title": "seat operator",
        "title_zh": "受理员",
        "username": "acceptor",
    }
    text = StringIO()
    call_command("demo_accounts", stdout=text)
    assert "seat operator" in text.getvalue()


def test_without_sample_people_the_list_is_empty():
    assert sample.sample_accounts() == []
