"""Pages of the supervision centre, and what an inspector sees of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from municipal.command.patrol.models import Attendance, Leave, Mark, RosterEntry
from municipal.command.patrol.services import attendance
from platform_core.common import clock
from tests.factories.accounts import UserFactory
from tests.factories.patrol import (
    DAY,
    INSIDE,
    OUTSIDE,
    at,
    on_duty,
    planned,
    send,
    shift,
    walk,
)

TEAM = (
    "inspector-list",
    "live",
    "roster",
    "shift-list",
    "attendance-list",
    "statistics",
    "leave-list",
    "mark-list",
    "roll-call-list",
    "log-list",
    "phone-list",
)
LEADER = (
    "roster-plan",
    "roster-fill",
    "roster-copy",
    "shift-add",
    "roll-call-start",
    "message",
    "rules",
    "rules-change",
)
OWN = ("attendance-list", "leave-list", "mark-list", "log-list")


@pytest.fixture(autouse=True)
def evening():
    with clock.at(at("20:00")):
        yield


@pytest.fixture
def duty(inspector):
    """A duty with a track that leaves the area."""
    planned(inspector)
    on_duty(inspector, at("08:10"))
    send(inspector, walk(at("08:10"), [(20, INSIDE), (10, OUTSIDE), (5, INSIDE)]))
    return attendance.clock_out(by=inspector, at=at("15:00"), place=INSIDE)


@pytest.mark.parametrize("name", TEAM + LEADER)
def test_pages_open_for_who_leads(client, leader, city, duty, name):
    client.force_login(leader)
    assert client.get(reverse(f"patrol:{name}")).status_code == 200
    client.force_login(city.dept_handler)
    expected = 200 if name in OWN else 403
    assert client.get(reverse(f"patrol:{name}")).status_code == expected


@pytest.mark.function("CC-18", at="patrol:inspector-list")
def test_grids_are_bound_to_inspectors(client, leader, city):
    person = city.other_supervisor
    client.force_login(leader)
    url = reverse("patrol:grids", args=[person.pk])
    assert city.duty_grid.name in client.get(url).content.decode()
    answer = client.post(url, {"grids": [city.duty_grid.pk]})
    assert answer["Location"] == reverse("patrol:inspector", args=[person.pk])
    shown = client.get(reverse("patrol:inspector-list")).content.decode()
    assert shown.count(city.duty_grid.name) == 2


@pytest.mark.function("CC-18", at="patrol:roster")
def test_the_roster_is_planned_shown_and_copied(client, leader, inspector):
    client.force_login(leader)
    given = {"person": inspector.pk, "day": "2026-09-15", "shift": shift().pk}
    answer = client.post(reverse("patrol:roster-plan"), given)
    assert answer["Location"].endswith("?week=2026-09-15")
    page = client.get(answer["Location"]).content.decode()
    assert "白班" in page
    again = client.post(reverse("patrol:roster-plan"), given)
    assert again.status_code == 409
    copied = {"source": "2026-09-14", "target": "2026-09-21"}
    client.post(reverse("patrol:roster-copy"), copied)
    days = RosterEntry.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [date(2026, 9, 15), date(2026, 9, 22)]
    entry = RosterEntry.objects.last()
    client.post(reverse("patrol:roster-remove", args=[entry.pk]))
    assert RosterEntry.objects.count() == 1


@pytest.mark.function("CC-18", at="patrol:statistics")
def test_statistics_count_by_inspector_and_period(client, leader, city, duty):
    client.force_login(leader)
    other = city.other_supervisor
    planned(other)
    attendance.sweep()
    url = reverse("patrol:statistics")
    page = client.get(f"{url}?since=2026-09-01&until=2026-09-30&export=csv")
    rows = b"".join(page).decode("utf-8-sig").splitlines()[1:]
    found = {line.split(",")[0]: line.split(",") for line in rows}
    # name, planned, worked, minutes, late, early, absent
    assert found[str(duty.person)][4:7] == ["1", "1", "0"]
    assert found[str(other)][1:7] == ["1", "0", "0", "0", "0", "1"]
    empty = client.get(f"{url}?since=2026-08-01&until=2026-08-31&export=csv")
    rows = b"".join(empty).decode("utf-8-sig").splitlines()[1:]
    assert {row.split(",")[2] for row in rows} == {"0"}


@pytest.mark.function("CC-18", at="patrol:track")
def test_a_track_is_replayed_from_its_data(client, leader, inspector, duty):
    client.force_login(leader)
    page = client.get(
        reverse("patrol:track", args=[inspector.pk, DAY])
    ).content.decode()
    url = reverse("patrol_api:track", args=[inspector.pk])
    assert f"{url}?day=2026-09-15" in page
    answer = client.get(f"{url}?day=2026-09-15")
    found = answer.json()
    assert len(found["points"]) == 35
    assert "out" in {mark["kind"] for mark in found["marks"]}
    assert len(found["area"]["features"]) == 4
    again = client.get(
        f"{url}?day=2026-09-15", headers={"If-None-Match": answer["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.function("CC-18", at="patrol:live")
def test_positions_are_polled_cheaply(
    client, leader, inspector, django_assert_max_num_queries
):
    with clock.at(at("09:00")):
        on_duty(inspector, at("08:30"))
        client.force_login(leader)
        url = reverse("patrol_api:positions")
        answer = client.get(url)
        (point,) = answer.json()["features"]
        assert point["properties"]["title"] == str(inspector)
        headers = {"If-None-Match": answer["ETag"]}
        with django_assert_max_num_queries(3):
            assert client.get(url, headers=headers).status_code == 304
        send(inspector, walk(at("08:50"), [(2, OUTSIDE)]))
        assert client.get(url, headers=headers).status_code == 200
        assert str(inspector) in client.get(reverse("patrol:live")).content.decode()


def test_an_inspector_sees_only_the_own(client, leader, city, inspector, duty):
    other = city.other_supervisor
    on_duty(other, at("08:00"))
    client.force_login(inspector)
    mine = client.get(reverse("patrol:attendance-list")).content.decode()
    assert str(inspector) in mine
    assert str(other) not in mine
    theirs = Attendance.objects.get(person=other)
    for url in (
        theirs.get_absolute_url(),
        reverse("patrol:track", args=[other.pk, DAY]),
        reverse("patrol_api:track", args=[other.pk]),
        reverse("patrol_api:work", args=[other.pk]),
    ):
        assert client.get(url).status_code == 404, url
    assert client.get(duty.get_absolute_url()).status_code == 200
    assert (
        client.get(reverse("patrol_api:track", args=[inspector.pk])).status_code == 200
    )
    for name in ("inspector-list", "live", "statistics", "roster"):
        assert client.get(reverse(f"patrol:{name}")).status_code == 403
    assert client.get(reverse("patrol_api:positions")).status_code == 403


def test_a_leader_of_a_district_sees_its_inspectors_only(client, city, duty):
    near = UserFactory(roles=["team_leader"], unit__division_id="370203")
    client.force_login(near)
    assert (
        str(duty.person)
        not in client.get(reverse("patrol:attendance-list")).content.decode()
    )
    url = reverse("patrol:inspector", args=[duty.person.pk])
    assert client.get(url).status_code == 404


@pytest.mark.function("CC-07", at="patrol:attendance-list")
def test_attendance_is_filtered_and_corrected(client, leader, duty):
    client.force_login(leader)
    url = reverse("patrol:attendance-list")
    assert "白班" in client.get(f"{url}?wrong=late").content.decode()
    assert "白班" not in client.get(f"{url}?wrong=outside").content.decode()
    assert f"迟到 {duty.late_minutes} 分钟" in client.get(url).content.decode()
    fix = reverse("patrol:attendance-correct", args=[duty.pk])
    given = {
        "clock_in_at": "2026-09-15T08:00",
        "clock_out_at": "2026-09-15T16:00",
        "reason": "手机故障",
    }
    client.post(fix, given)
    duty.refresh_from_db()
    assert (duty.late_minutes, duty.early_minutes) == (0, 0)
    assert "手机故障" in client.get(duty.get_absolute_url()).content.decode()


@pytest.mark.function("CC-07", at="patrol:leave-list")
def test_leave_is_asked_for_and_decided(client, leader, inspector):
    client.force_login(inspector)
    given = {"kind": "sick", "from_day": DAY, "to_day": DAY, "reason": "发烧"}
    client.post(reverse("patrol:leave-ask"), given)
    leave = Leave.objects.get()
    assert (
        client.post(reverse("patrol:leave-approve", args=[leave.pk])).status_code == 403
    )
    client.force_login(leader)
    assert (
        client.post(reverse("patrol:leave-refuse", args=[leave.pk])).status_code == 422
    )
    assert "不予登记" not in client.get(leave.get_absolute_url()).content.decode()
    client.post(reverse("patrol:leave-approve", args=[leave.pk]), {"answer": "同意"})
    leave.refresh_from_db()
    assert (leave.state, leave.decided_by) == ("approved", leader)
    shown = client.get(leave.get_absolute_url()).content.decode()
    assert "同意" in shown


def test_a_mark_is_excused_with_a_reason(client, leader, duty):
    client.force_login(leader)
    mark = Mark.objects.get(kind="out")
    url = reverse("patrol:mark-excuse", args=[mark.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "送交材料"})
    duty.refresh_from_db()
    assert duty.outside_seconds == 0
    assert "送交材料" in client.get(reverse("patrol:mark-list")).content.decode()


def test_lists_cost_the_same_for_many(
    client, leader, city, duty, django_assert_max_num_queries
):
    for number in range(12):
        person = UserFactory(roles=["supervisor"])
        city.duty_grid.supervisors.add(person)
        planned(person)
        on_duty(person, at("08:00") + timedelta(minutes=number))
    client.force_login(leader)
    for name, most in (
        ("inspector-list", 12),
        ("attendance-list", 12),
        ("statistics", 13),
        ("roster", 13),
        ("live", 14),
        ("mark-list", 12),
    ):
        client.get(reverse(f"patrol:{name}"))
        with django_assert_max_num_queries(most):
            client.get(reverse(f"patrol:{name}"))


def test_the_home_page_lists_leave_to_decide(client, leader, inspector):
    client.force_login(inspector)
    given = {"kind": "annual", "from_day": DAY, "to_day": DAY, "reason": "探亲"}
    client.post(reverse("patrol:leave-ask"), given)
    url = Leave.objects.get().get_absolute_url()
    assert url not in client.get(reverse("ui:home")).content.decode()
    client.force_login(leader)
    assert url in client.get(reverse("ui:home")).content.decode()
