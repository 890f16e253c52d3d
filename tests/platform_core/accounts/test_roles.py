"""Groups follow the roles of the tier."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from platform_core.accounts import groups, roles
from platform_core.tiers import CODES

pytestmark = pytest.mark.django_db


def permissions_of(code):
    rows = Group.objects.get(name=code).permissions.values_list(
        "content_type__app_label", "codename"
    )
    return {f"{app}.{name}" for app, name in rows}


@pytest.mark.parametrize("tier", CODES)
def test_codes_are_unique_and_named(tier):
    found = roles.tier_roles(tier)
    codes = [role.code for role in found]
    assert len(codes) == len(set(codes))
    assert all(str(role.name) and str(role.description) for role in found)
    for role in found:
        assert len(role.permissions) == len(set(role.permissions)), role.code


@pytest.mark.parametrize("tier", CODES)
def test_roles_name_permissions_that_exist(tier):
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    known = {f"{app}.{code}" for app, code in rows}
    present = {name.partition(".")[0] for name in known}
    named = {name for role in roles.tier_roles(tier) for name in role.permissions}
    asked = {name for name in named if name.partition(".")[0] in present}
    assert asked
    assert asked <= known


def test_every_role_of_the_process_is_there():
    codes = {role.code for role in roles.tier_roles("municipal")}
    assert codes >= {
        "acceptor",
        "duty_leader",
        "dispatcher",
        "dept_handler",
        "supervisor",
        "bureau_leader",
        "city_liaison",
        "sys_admin",
        "security_auditor",
    }


def test_migration_synchronises_groups_and_keeps_own_ones():
    own = Group.objects.create(name="night_watch")
    own.permissions.set(Permission.objects.all()[:2])
    group = Group.objects.get(name="sys_admin")
    group.permissions.clear()
    Group.objects.get(name="security_auditor").permissions.set(
        Permission.objects.filter(codename="delete_user")
    )
    call_command("migrate", verbosity=0)
    assert "accounts.change_user" in permissions_of("sys_admin")
    assert "accounts.delete_user" not in permissions_of("security_auditor")
    assert own.permissions.count() == 2


def test_synchronising_runs_once_per_migration(django_assert_num_queries):
    with django_assert_num_queries(0):
        groups.after_migrate(apps.get_app_config("accounts"))


def test_second_synchronisation_changes_nothing():
    groups.sync_roles()
    assert groups.sync_roles() == 0


def test_tier_decides_what_a_role_may_do(as_node):
    as_node("N10000001")
    groups.sync_roles()
    assert roles.find_role("dispatcher") is None
    assert roles.find_role("bureau_clerk").code == "bureau_clerk"


def test_permissions_of_absent_apps_are_skipped():
    role = roles.Role("x", "X", ("nowhere.do_it", "accounts.view_user"))
    groups.sync_roles((role,))
    assert permissions_of("x") == {"accounts.view_user"}


def test_labels_cover_other_tiers_own_roles_and_the_system():
    assert roles.label("dispatcher")
    assert roles.label("bureau_clerk") != "bureau_clerk"
    assert roles.label("night_watch") == "night_watch"
    assert roles.label("system") != "system"
