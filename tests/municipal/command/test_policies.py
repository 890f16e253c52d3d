"""Who sees a case and who may act on it."""

import pytest

from municipal.command import policies
from municipal.command.models import Case
from platform_core.common.errors import TransitionNotAllowed
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import act, lead, report


def visible(user):
    return set(Case.objects.visible_to(user).values_list("pk", flat=True))


@pytest.fixture
def everything(city):
    """Cases with the unit, with another unit, of nobody yet."""
    mine, waiting = lead(city, "handling"), report(city)
    theirs = lead(city, "pending_dispatch")
    theirs = act(city, theirs, "dispatch", by="dispatcher", unit=city.other_unit)
    return {"mine": mine.pk, "theirs": theirs.pk, "waiting": waiting.pk}


def test_what_each_post_sees(city, everything):
    whole = set(everything.values())
    assert visible(city.dispatcher) == whole
    assert visible(city.dept_handler) == {everything["mine"]}
    assert visible(city.other_handler) == {everything["theirs"]}
    assert visible(city.supervisor) == whole
    assert visible(city.other_supervisor) == set()
    assert visible(UserFactory(is_superuser=True)) == whole
    assert visible(UserFactory()) == set()
    assert visible(UserFactory(roles=["sys_admin"])) == set()


def test_a_unit_sees_the_cases_of_the_units_below_it(city, everything):
    above = OrgUnitFactory()
    city.unit.parent, city.unit.path = above, f"{above.path}{city.unit.pk}/"
    city.unit.save()
    boss = UserFactory(roles=["dept_handler"], unit=above)
    assert visible(boss) == {everything["mine"]}
    beside = UserFactory(roles=["dept_handler"])
    assert visible(beside) == set()


def test_somebody_without_a_unit_sees_nothing(city, everything):
    assert visible(UserFactory(roles=["dispatcher"], unit=None)) == set()
    assert visible(UserFactory(roles=["dept_handler"], unit=None)) == set()


def test_the_streets_own_centre_sees_the_street(city, everything):
    unit = OrgUnitFactory(division_id="370202001")
    assert visible(UserFactory(roles=["acceptor"], unit=unit)) == set(
        everything.values()
    )


@pytest.mark.parametrize(
    ("state", "action", "role"),
    [
        ("handling", "feedback", "other_handler"),
        ("pending_handling", "return", "other_handler"),
        ("verifying", "verify_true", "other_supervisor"),
        ("checking", "check_pass", "other_supervisor"),
        ("pending_accept", "accept", "dispatcher"),
        ("pending_close", "close", "acceptor"),
        ("pending_close", "force_close", "duty_leader"),
    ],
)
def test_the_role_alone_is_not_enough(city, state, action, role):
    case = lead(city, state)
    with pytest.raises(TransitionNotAllowed):
        act(city, case, action, by=role)
    case.refresh_from_db()
    assert case.state == state


def test_the_centre_of_another_district_cannot_act(city):
    case = report(city)
    there = UserFactory(roles=["acceptor"], unit__division_id="370203")
    assert policies.acting_roles(case, there) == frozenset()
    assert policies.relation_problem(case, there, "acceptor")
    assert policies.acting_roles(case, city.acceptor) == {"acceptor"}


def test_who_may_urge(city):
    case = lead(city, "handling")
    assert policies.may_urge(case, city.overseer)
    assert not policies.may_urge(case, city.acceptor)
    assert not policies.may_urge(lead(city, "closed"), city.overseer)
