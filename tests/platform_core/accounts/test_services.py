"""Writes to people and organisations, each with its audit row."""

import pytest
from django.contrib.auth.models import Group, update_last_login
from django.core.exceptions import ValidationError

from platform_core.accounts import remembered, selectors, services
from platform_core.accounts.models import OrgUnit, User
from platform_core.accounts.validators import (
    CharacterKindsValidator,
    validate_credit_code,
)
from platform_core.audit.models import AuditEntry
from platform_core.audit.selectors import history_of, recent_of
from platform_core.common.errors import Conflict, DomainError
from tests.factories.accounts import (
    PASSWORD,
    OrgUnitFactory,
    PostFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
GOOD = "Quiet-river-9"


@pytest.fixture
def admin():
    return UserFactory(roles=["sys_admin"])


def events():
    return list(AuditEntry.objects.order_by("pk").values_list("type", flat=True))


def make_unit(code, parent=None, by=None):
    return services.create_unit(
        code=code,
        name=f"单位{code}",
        kind="department",
        division="370200",
        parent=parent,
        by=by,
    )


def test_units_know_their_place_in_the_tree(admin):
    top = make_unit("top", by=admin)
    below = make_unit("below", top)
    assert below.path == f"/{top.pk}/{below.pk}/"
    assert (top.depth, below.depth) == (0, 1)
    assert selectors.ancestors(below) == [top]
    assert selectors.ancestors(top) == []
    assert selectors.unit_by_code("below") == below
    entry = AuditEntry.objects.filter(type="unit.created").first()
    assert entry.data["code"] == "below"


def test_moving_a_unit_takes_all_below_it_along(admin):
    first, second = make_unit("first"), make_unit("second")
    branch = make_unit("branch", first)
    leaf = make_unit("leaf", branch)
    services.move_unit(unit=branch, parent=second, by=admin)
    leaf.refresh_from_db()
    assert leaf.path == f"/{second.pk}/{branch.pk}/{leaf.pk}/"
    services.move_unit(unit=branch, parent=None, by=admin)
    leaf.refresh_from_db()
    assert leaf.path == f"/{branch.pk}/{leaf.pk}/"
    with pytest.raises(Conflict):
        services.move_unit(unit=branch, parent=leaf, by=admin)
    assert events().count("unit.moved") == 2


def test_unit_is_changed_by_named_fields_only(admin):
    unit = make_unit("one")
    services.change_unit(unit=unit, by=admin, phone="12319", name=unit.name)
    assert OrgUnit.objects.get(pk=unit.pk).phone == "12319"
    entry = history_of(unit).first()
    assert (entry.type, entry.data) == ("unit.changed", {"phone": "12319"})
    assert entry.actor_id == admin.pk
    services.change_unit(unit=unit, by=admin, phone="12319")
    assert events().count("unit.changed") == 1
    with pytest.raises(DomainError) as caught:
        services.change_unit(unit=unit, by=admin, path="/9/")
    assert "path" in caught.value.fields


def test_wrong_credit_code_is_refused_beside_its_field(admin):
    unit = make_unit("one")
    with pytest.raises(DomainError) as caught:
        services.change_unit(unit=unit, by=admin, credit_code="91350100M000100Y44")
    assert "credit_code" in caught.value.fields
    validate_credit_code("91350100M000100Y43")


def test_a_new_person_gets_roles_directly_and_from_posts(admin):
    post = PostFactory(role="dispatcher")
    user = services.create_user(
        username="new",
        full_name="新人",
        password=GOOD,
        unit=post.unit,
        roles=["acceptor"],
        posts=[post],
        by=admin,
    )
    assert user.role_codes == {"acceptor", "dispatcher"}
    assert user.must_change_password
    assert user.check_password(GOOD)
    assert {"user.created", "user.roles_assigned", "user.posts_assigned"} <= set(
        events()
    )


@pytest.mark.parametrize(
    "password", ["short-1A", "alllowercase", "password123", "1234567890", "new-person1"]
)
def test_unsafe_password_is_refused_and_nothing_is_written(password):
    with pytest.raises(DomainError) as caught:
        services.create_user(username="new-person", full_name="新人", password=password)
    assert caught.value.fields["password"]
    assert not User.objects.filter(username="new-person").exists()


def test_taken_user_name_is_told_beside_its_field():
    UserFactory(username="taken")
    with pytest.raises(DomainError) as caught:
        services.create_user(username="taken", full_name="新人", password=GOOD)
    assert "username" in caught.value.fields


def test_person_without_a_password_cannot_sign_in():
    user = services.create_user(username="later", full_name="新人")
    assert not user.has_usable_password()


def test_validator_explains_itself():
    validator = CharacterKindsValidator(minimum=4)
    with pytest.raises(ValidationError, match="4"):
        validator.validate("Aa1aaaaaaa")
    validator.validate("Aa1-aaaaaa")


def test_losing_a_post_loses_its_role_but_not_others():
    first, second = PostFactory(role="acceptor"), PostFactory(role="dispatcher")
    user = UserFactory(roles=["overseer"])
    services.assign_posts(user=user, posts=[first, second])
    assert user.role_codes == {"overseer", "acceptor", "dispatcher"}
    services.assign_posts(user=user, posts=[second])
    assert user.role_codes == {"overseer", "dispatcher"}


def test_role_taken_away_is_gone_at_once(admin):
    user = UserFactory(roles=["sys_admin"])
    assert user.has_perm("accounts.change_user")
    services.assign_roles(user=user, roles=[], by=admin)
    assert not user.has_perm("accounts.change_user")
    assert user.role_codes == frozenset()
    entry = history_of(user).first()
    assert entry.data == {"added": [], "removed": ["sys_admin"]}


def test_unknown_role_is_refused():
    user = UserFactory(roles=["acceptor"])
    with pytest.raises(DomainError) as caught:
        services.assign_roles(user=user, roles=["acceptor", "emperor"])
    assert caught.value.fields == {"roles": "emperor"}
    assert user.role_codes == {"acceptor"}
    count = AuditEntry.objects.count()
    services.assign_roles(user=user, roles=["acceptor"])
    assert AuditEntry.objects.count() == count


def test_own_role_of_an_administrator_can_be_given():
    Group.objects.create(name="night_watch")
    user = UserFactory()
    services.assign_roles(user=user, roles=["night_watch"])
    assert user.role_codes == {"night_watch"}


def test_who_leaves_loses_tokens(admin):
    user = UserFactory()
    services.issue_token(user=user)
    services.change_user(user=user, by=admin, is_active=False)
    assert not user.auth_token_set.exists()
    assert user not in selectors.users_with_role("acceptor")
    services.change_user(user=user, by=admin, is_active=False)
    assert events().count("user.changed") == 1


def test_change_of_a_person_keeps_tokens(admin):
    user = UserFactory()
    services.issue_token(user=user)
    services.change_user(user=user, by=admin, full_name="改名")
    assert user.auth_token_set.count() == 1


def test_password_set_by_an_administrator_is_temporary(admin):
    user = UserFactory()
    services.issue_token(user=user)
    services.set_password(user=user, password=GOOD, by=admin, temporary=True)
    user.refresh_from_db()
    assert user.must_change_password
    assert user.check_password(GOOD)
    assert not user.auth_token_set.exists()


def test_own_password_needs_the_present_one():
    user = UserFactory()
    with pytest.raises(DomainError) as caught:
        services.change_own_password(user=user, old="wrong", password=GOOD)
    assert "old" in caught.value.fields
    assert events() == ["user.password_refused"]
    with pytest.raises(DomainError) as caught:
        services.change_own_password(user=user, old=PASSWORD, password=PASSWORD)
    assert "password" in caught.value.fields
    services.change_own_password(user=user, old=PASSWORD, password=GOOD)
    assert User.objects.get(pk=user.pk).check_password(GOOD)


def test_grant_on_one_object_and_back(admin):
    user, mine, other = UserFactory(), OrgUnitFactory(), OrgUnitFactory()
    services.grant(user, "accounts.change_orgunit", mine, by=admin)
    user = User.objects.get(pk=user.pk)
    assert user.has_perm("accounts.change_orgunit", mine)
    assert not user.has_perm("accounts.change_orgunit", other)
    services.revoke(user, "accounts.change_orgunit", mine, by=admin)
    user = User.objects.get(pk=user.pk)
    assert not user.has_perm("accounts.change_orgunit", mine)
    given = history_of(mine)
    assert [entry.type for entry in given] == ["grant.revoked", "grant.given"]
    assert given[1].data["user"] == user.username


def test_language_is_remembered_once(django_assert_num_queries):
    user = UserFactory()
    services.set_language(user=user, language="en")
    assert User.objects.get(pk=user.pk).language == "en"
    with django_assert_num_queries(0):
        services.set_language(user=user, language="en")


def test_people_by_role_unit_and_division():
    unit = OrgUnitFactory(division_id="370202")
    here = UserFactory(roles=["dept_handler"], unit=OrgUnitFactory(parent=unit))
    there = UserFactory(roles=["dept_handler"], unit__division_id="370811")
    UserFactory(roles=["dept_handler"], unit=unit, is_active=False)
    UserFactory(roles=["acceptor"], unit=unit)
    assert set(selectors.users_with_role("dept_handler")) == {here, there}
    assert set(selectors.users_with_role("dept_handler", unit=unit)) == {here}
    found = selectors.users_with_role("dept_handler", division_prefix="3708")
    assert set(found) == {there}


def test_holders_of_a_role_are_remembered_until_something_changes(
    admin, django_assert_num_queries
):
    unit = OrgUnitFactory()
    first = UserFactory(roles=["dept_handler"], unit=OrgUnitFactory(parent=unit))
    assert remembered.holders("dept_handler", unit=unit) == (first,)
    with django_assert_num_queries(0):
        assert remembered.holders("dept_handler", unit=unit) == (first,)
    second = UserFactory(roles=["dept_handler"], unit=unit)
    assert set(remembered.holders("dept_handler", unit=unit)) == {first, second}
    services.change_user(user=first, by=admin, is_active=False)
    assert remembered.holders("dept_handler", unit=unit) == (second,)
    services.assign_roles(user=second, roles=["dispatcher"], by=admin)
    assert remembered.holders("dept_handler", unit=unit) == ()


def test_signing_in_changes_nothing_that_is_remembered(django_assert_num_queries):
    person = UserFactory(roles=["dispatcher"])
    assert remembered.holders("dispatcher") == (person,)
    update_last_login(None, person)
    with django_assert_num_queries(0):
        assert remembered.holders("dispatcher") == (person,)


def test_what_somebody_did_last():
    user = UserFactory()
    services.change_own_password(user=user, old=PASSWORD, password=GOOD)
    services.change_profile(user=user, by=user, phone="123", email="")
    assert [e.type for e in recent_of(user.pk)] == ["user.changed", "user.password_set"]
    assert [e.type for e in recent_of(user.pk, "user.p")] == ["user.password_set"]


def test_permissions_of_a_person():
    user = UserFactory(roles=["security_auditor"])
    assert "audit.view_auditentry" in selectors.permissions_of(user)


def test_names_for_people():
    user = UserFactory(full_name="", username="plain")
    assert (str(user), user.get_full_name(), user.get_short_name()) == ("plain",) * 3
    unit = OrgUnitFactory(name="长名", short_name="短名")
    assert str(PostFactory(unit=unit, name="经办")) == "短名 经办"
