"""Proposed, reviewed, published, rolled back."""

import pytest

from municipal.command.basedata.changes import selectors, services
from municipal.command.basedata.components import codes, counts
from municipal.command.basedata.models import BlockCount, PastRevision, Proposal
from municipal.command.models import Component
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.common.models import Sequence
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, STEP

from .conftest import CLASS, COUNTY


def propose(by, change, target=None, **values):
    return services.propose(
        subject="component", change=change, target=target, by=by, values=values
    )


def new(by, **values):
    given = {"class_code": CLASS, "edition": "2026", "status": "intact"}
    place = {"lon": LON + STEP / 3, "lat": LAT + STEP / 3}
    return propose(by, "add", **{**given, **place, **values})


@pytest.mark.function("CC-45", at="basedata:proposal-list")
def test_a_change_is_valid_once_somebody_else_published_it(
    make, inspector, keeper, city
):
    row = make()
    wanted = propose(inspector, "state", row, status="damaged")
    row.refresh_from_db()
    assert row.status == "intact"
    services.publish(wanted, by=keeper, note="照片属实")
    row.refresh_from_db()
    assert (row.status, row.revision) == ("damaged", 2)
    wanted.refresh_from_db()
    assert (wanted.state, wanted.reviewed_by) == ("published", keeper)
    assert PastRevision.objects.get(component=row).values["status"] == "intact"
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"proposal.made", "proposal.published"} <= types


def test_nobody_reviews_what_they_proposed(make, keeper):
    wanted = propose(keeper, "state", make(), status="lost")
    with pytest.raises(Forbidden):
        services.publish(wanted, by=keeper)
    with pytest.raises(Forbidden):
        services.reject(wanted, by=keeper, note="no")
    assert Proposal.objects.pending().count() == 1


def test_a_proposal_is_decided_once(make, inspector, keeper):
    wanted = propose(inspector, "state", make(), status="lost")
    services.publish(wanted, by=keeper)
    with pytest.raises(Conflict):
        services.publish(wanted, by=keeper)
    assert PastRevision.objects.count() == 1


def test_what_others_published_meanwhile_is_told_and_renewed(make, inspector, keeper):
    row = make()
    late = propose(inspector, "edit", row, address="香港中路1号")
    first = propose(inspector, "state", row, status="damaged")
    services.publish(first, by=keeper)
    with pytest.raises(Conflict) as told:
        services.publish(late, by=UserFactory(roles=["sys_admin"]))
    assert keeper.full_name in str(told.value.message)
    services.renew(late, by=keeper)
    services.publish(late, by=keeper)
    row.refresh_from_db()
    assert (row.status, row.address, row.revision) == ("damaged", "香港中路1号", 3)


def test_a_new_component_gets_the_next_code_of_its_class_and_district(
    make, inspector, keeper
):
    make(serial=41)
    made = services.publish(new(inspector), by=keeper)
    assert made.code == f"{COUNTY}{CLASS}000042"
    assert made.grid_code == "370202001001001"
    second = services.publish(new(inspector, note="另一个"), by=keeper)
    assert second.code.endswith("000043")


def test_the_edition_of_2013_has_sixteen_digits(inspector, keeper):
    wanted = new(inspector, class_code="0101", edition="2013")
    assert services.publish(wanted, by=keeper).code == f"{COUNTY}0101000001"


def test_codes_of_removed_components_are_never_given_again(make, inspector, keeper):
    row = make(serial=7)
    services.publish(propose(inspector, "remove", row), by=keeper)
    row.refresh_from_db()
    assert row.status == "removed"
    assert row.valid_to is not None
    assert codes.next_code(COUNTY, CLASS).endswith("000008")
    with pytest.raises(Conflict):
        propose(inspector, "state", row, status="intact")


def test_no_code_is_left(inspector):
    Sequence.objects.create(name=f"component.{COUNTY}{CLASS}", value=999_999)
    with pytest.raises(DomainError):
        codes.next_code(COUNTY, CLASS)


def test_rolling_back_makes_a_new_revision(make, inspector, keeper):
    row = make()
    services.publish(propose(inspector, "state", row, status="lost"), by=keeper)
    services.roll_back(row, 1, by=keeper, reason="现场仍在")
    row.refresh_from_db()
    assert (row.status, row.revision) == ("intact", 3)
    with pytest.raises(DomainError):
        services.roll_back(row, 9, by=keeper, reason="没有")
    steps = selectors.history(row)
    assert [step["number"] for step in steps] == [1, 2]
    assert "现场仍在" in steps[1]["note"]
    assert inspector.full_name in steps[0]["by_name"]


def test_a_removed_component_comes_back_by_rolling_back(make, inspector, keeper):
    row = make()
    services.publish(propose(inspector, "remove", row), by=keeper)
    assert not Component.objects.in_place().exists()
    services.roll_back(row, 1, by=keeper, reason="误删")
    assert Component.objects.in_place().get().code == row.code


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"class_code": "99999"}, "class_code"),
        ({"status": "broken"}, "status"),
        ({"lon": 10.0}, "position"),
        ({"lon": "here"}, "position"),
        ({"managing_unit": 10**6}, "managing_unit"),
        ({"geometry": {"type": "LineString", "coordinates": [[1]]}}, "geometry"),
    ],
)
def test_wrong_values_are_told_by_field(inspector, values, field):
    with pytest.raises(DomainError) as told:
        new(inspector, **values)
    assert field in told.value.fields
    assert not Proposal.objects.exists()


def test_no_change_is_no_proposal(make, inspector):
    with pytest.raises(DomainError):
        propose(inspector, "edit", make(), address="")


def test_a_line_lies_where_its_middle_is(inspector, keeper):
    line = {
        "type": "LineString",
        "coordinates": [[LON, LAT + STEP / 2], [LON + STEP, LAT + STEP / 2]],
    }
    made = services.publish(new(inspector, geometry=line), by=keeper)
    assert made.geometry == line
    assert LON <= made.lon <= LON + STEP


def test_the_counts_follow_every_change(make, inspector, keeper):
    row = make()
    services.publish(
        propose(inspector, "move", row, lon=LON + 3.5 * STEP, lat=LAT + STEP / 2),
        by=keeper,
    )
    services.publish(new(inspector), by=keeper)
    kept = state_of_counts()
    counts.rebuild()
    assert state_of_counts() == kept
    assert BlockCount.objects.filter(class_code="", level=8).get().rows == 2
    services.publish(propose(inspector, "remove", Component.objects.first()), by=keeper)
    assert BlockCount.objects.filter(class_code="", level=8).get().rows == 1


def state_of_counts():
    rows = BlockCount.objects.filter(rows__gt=0).order_by(
        "level", "class_code", "block"
    )
    return [
        (row.level, row.class_code, row.block, row.rows, round(row.lon_sum, 6))
        for row in rows
    ]
