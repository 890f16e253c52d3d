"""Rights follow roles."""

import pytest
from django.contrib.auth.models import Group, Permission

from platform_core.accounts import services
from platform_core.accounts.groups import set_permissions
from platform_core.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
RIGHT = "audit.view_auditentry"


@pytest.fixture
def auditor():
    return UserFactory(roles=["security_auditor"])


def anew(user):
    """The person as the next request sees them."""
    return User.objects.get(pk=user.pk)


def test_rights_cost_one_query_once_the_role_is_known(
    auditor, django_assert_num_queries
):
    assert anew(auditor).has_perm(RIGHT)
    user = anew(auditor)
    with django_assert_num_queries(1):
        assert user.has_perm(RIGHT)
        assert not user.has_perm("accounts.add_user")
        assert user.has_module_perms("audit")


def test_a_role_taken_away_is_gone_with_the_next_request(auditor):
    assert anew(auditor).has_perm(RIGHT)
    services.assign_roles(user=anew(auditor), roles=[], by=None)
    assert not anew(auditor).has_perm(RIGHT)


def test_a_changed_role_counts_at_once(auditor):
    assert anew(auditor).has_perm(RIGHT)
    set_permissions(Group.objects.get(name="security_auditor"), [])
    assert not anew(auditor).has_perm(RIGHT)


def test_a_right_past_the_roles_does_not_count():
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="view_auditentry"))
    assert not anew(user).has_perm(RIGHT)


def test_who_left_has_no_rights(auditor):
    User.objects.filter(pk=auditor.pk).update(is_active=False)
    assert anew(auditor).get_all_permissions() == set()


def test_a_super_user_has_all_rights():
    user = UserFactory(is_superuser=True)
    assert {RIGHT, "accounts.add_user"} <= user.get_all_permissions()
