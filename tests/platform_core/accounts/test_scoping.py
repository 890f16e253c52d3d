"""What a user's divisions and organisations let through."""

import pytest
from django.contrib.auth.models import AnonymousUser

from platform_core.accounts.models import OrgUnit, User
from platform_core.accounts.scoping import division_q, unit_q
from platform_core.regions.models import Division
from tests.factories.accounts import OrgUnitFactory, UserFactory

pytestmark = pytest.mark.django_db


def seen(user):
    return set(
        Division.objects.filter(division_q(user, "code"))
        .filter(parent_id__in=["370000", "370200", "370800", "320000"])
        .values_list("code", flat=True)
    )


def test_division_scope_follows_the_division_of_the_unit():
    city = UserFactory(unit__division_id="370200")
    assert "370202" in seen(city)
    assert not {"370811", "370800", "320100"} & seen(city)
    province = UserFactory(unit__division_id="370000")
    assert {"370202", "370811", "370800"} <= seen(province)
    assert "320100" not in seen(province)
    nation = UserFactory(unit__division_id="100000")
    assert {"370202", "320100"} <= seen(nation)
    district = UserFactory(unit__division_id="370202")
    assert seen(district) == {"370202"}


def test_nobody_without_a_unit_sees_a_division():
    assert seen(UserFactory(unit=None)) == set()
    assert seen(AnonymousUser()) == set()
    assert "320100" in seen(UserFactory(unit=None, is_superuser=True))


def test_unit_scope_is_the_own_branch_of_the_tree():
    top = OrgUnitFactory()
    branch = OrgUnitFactory(parent=top)
    leaf = OrgUnitFactory(parent=branch)
    OrgUnitFactory(parent=top)
    user = UserFactory(unit=branch)
    visible = OrgUnit.objects.filter(unit_q(user, "path"))
    assert set(visible) == {branch, leaf}
    assert not OrgUnit.objects.filter(unit_q(UserFactory(unit=None), "path")).exists()
    assert not OrgUnit.objects.filter(unit_q(AnonymousUser(), "path")).exists()
    root = UserFactory(unit=None, is_superuser=True)
    everything = OrgUnit.objects.filter(unit_q(root, "path")).count()
    assert everything == OrgUnit.objects.count()


def test_people_and_units_of_other_cities_stay_unseen():
    mine = UserFactory(unit__division_id="370202")
    theirs = UserFactory(unit__division_id="370811")
    user = UserFactory(unit__division_id="370200")
    assert mine in User.objects.visible_to(user)
    assert theirs not in User.objects.visible_to(user)
    assert mine.unit in OrgUnit.objects.visible_to(user)
    assert theirs.unit not in OrgUnit.objects.visible_to(user)
    closed = OrgUnitFactory(is_active=False)
    assert closed in OrgUnit.objects.visible_to(user)
    assert closed not in OrgUnit.objects.active().visible_to(user)
    assert set(User.objects.active().visible_to(user)) >= {mine, user}


def test_division_filter_on_a_foreign_key_needs_no_join():
    user = UserFactory(unit__division_id="370200")
    query = str(OrgUnit.objects.filter(division_q(user, "division__code")).query)
    assert "JOIN" not in query
