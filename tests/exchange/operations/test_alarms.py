"""Rules find what is wrong, raise one alarm for it, tell people, and end it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse

from exchange.delivery.models import Outage, Parcel, Peer
from exchange.delivery.services import housekeeping, line
from exchange.operations.models import Alarm, AlarmRule, Flow, Traffic
from exchange.operations.services import alarms, rules
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict
from platform_core.notices.models import Notice
from tests.factories.accounts import UserFactory

from .conftest import order, peer, report, send

NOON = datetime(2026, 11, 20, 12, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def only(own):
    """Keep one rule with these changes, no other one."""

    def keep(code, **changes):
        AlarmRule.objects.exclude(code=code).update(active=False)
        return rules.keep(
            code=code, **({"quiet_from": None, "quiet_to": None} | changes)
        )

    return keep


def alarm():
    return Alarm.objects.get()


def test_the_first_rules_cover_every_kind_and_load_once(own):
    kinds = set(AlarmRule.objects.filter(in_force=True).values_list("kind", flat=True))
    assert kinds == {"down", "late", "drop", "errors", "lag", "quality"}
    assert rules.load() == 0


@pytest.mark.function("DX-04", "DX-21", at="operations:alarm-list")
def test_a_connection_that_is_down_is_one_alarm_until_it_is_back(
    client, operator, city, only
):
    only("down")
    city.request(client, "GET", "interfaces")
    with clock.at(clock.now() + timedelta(minutes=6)):
        line.find_outages()
        assert alarms.evaluate() == (1, 0)
        assert alarms.evaluate() == (0, 0)
        assert alarm().peer == peer(city)
        told = Notice.objects.get(kind="exchange_alarm")
        assert told.recipient == operator
        assert told.link == alarm().get_absolute_url()
        text = client.get(reverse("operations:board")).content.decode()
        assert alarm().get_absolute_url() in text
        city.request(client, "GET", "interfaces")
        assert alarms.evaluate() == (0, 1)
        assert alarm().resolved_at is not None
        events = [step.event for step in alarm().steps.all()]
        assert events == ["raised", "told", "resolved"]


def test_a_short_outage_raises_nothing(client, city, only):
    only("down", threshold=10)
    city.request(client, "GET", "interfaces")
    with clock.at(clock.now() + timedelta(minutes=6)):
        line.find_outages()
        assert alarms.evaluate() == (0, 0)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert alarms.evaluate() == (1, 0)


def test_a_paused_connection_raises_no_alarm(client, city, only):
    only("lag")
    Outage.objects.create(peer=peer(city), started_at=clock.now())
    Peer.objects.update(state="suspended")
    with clock.at(clock.now() + timedelta(hours=1)):
        assert alarms.evaluate() == (0, 0)


@pytest.mark.parametrize("interfaces", [[], ["test.order"]])
def test_lag_is_measured_by_the_oldest_record(city, shelf, only, interfaces):
    only("lag", threshold=15, interfaces=interfaces)
    order(city)
    with clock.at(clock.now() + timedelta(minutes=14)):
        assert alarms.evaluate() == (0, 0)
    with clock.at(clock.now() + timedelta(minutes=20)):
        assert alarms.evaluate() == (1, 0)
        assert alarm().interface == "".join(interfaces)
        assert alarm().value == pytest.approx(20, abs=0.2)
    with clock.at(clock.now() + timedelta(minutes=40)):
        alarms.evaluate()
        assert alarm().worst == pytest.approx(40, abs=0.2)
        send(city)
        assert alarms.evaluate() == (0, 1)


def test_another_interface_does_not_lag(city, shelf, only):
    only("lag", interfaces=["test.reading"])
    order(city)
    with clock.at(clock.now() + timedelta(hours=1)):
        assert alarms.evaluate() == (0, 0)


def test_records_that_do_not_come_are_late(client, city, shelf, only):
    only("late", threshold=60, interfaces=["test.reading"])
    report(client, city, {})
    assert alarms.evaluate() == (0, 0)
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert alarms.evaluate() == (1, 0)
        report(client, city, {})
        assert alarms.evaluate() == (0, 1)
    assert Flow.objects.filter(interface="test.reading").count() == 1


def test_refused_records_raise_the_error_rate(client, city, shelf, only):
    only("errors", threshold=20, least=4)
    report(client, city, {}, {"unit": "kg"})
    assert alarms.evaluate() == (0, 0)
    report(client, city, {}, {})
    assert alarms.evaluate() == (1, 0)
    assert alarm().value == 25
    report(client, city, *[{}] * 16)
    assert alarms.evaluate() == (0, 1)


def test_failed_calls_raise_the_error_rate(city, shelf, only):
    only("errors", threshold=50, least=1)
    order(city)
    city.down = True
    send(city)
    assert alarms.evaluate() == (1, 0)
    assert alarm().value == 100


def traffic(city, moment, records):
    hour = moment.replace(minute=0)
    Traffic.objects.create(
        peer=peer(city), interface="", direction="in", hour=hour, records=records
    )


def test_less_than_on_earlier_days_is_a_drop(city, only):
    days = {"compared_days": 3, "same_weekday": False}
    only("drop", threshold=50, window_hours=2, least=10, **days)
    with clock.at(NOON):
        for day in (1, 2, 3):
            traffic(city, NOON - timedelta(days=day, hours=1), 60)
            traffic(city, NOON - timedelta(days=day, hours=2), 40)
            traffic(city, NOON - timedelta(days=day, hours=5), 9000)
        traffic(city, NOON - timedelta(hours=1), 51)
        assert alarms.evaluate() == (0, 0)
        Traffic.objects.filter(records=51).update(records=50)
        assert alarms.evaluate() == (1, 0)
        assert alarm().value == 50


def test_little_traffic_is_no_drop(city, only):
    days = {"compared_days": 2, "same_weekday": False}
    only("drop", window_hours=1, least=10, **days)
    with clock.at(NOON):
        traffic(city, NOON - timedelta(days=1, hours=1), 18)
        assert alarms.evaluate() == (0, 0)


@pytest.mark.function("DX-04", at="operations:rule-edit")
def test_a_drop_is_measured_against_the_same_weekday(city, only):
    """A quiet Sunday is no drop where Sundays are quiet; half of one is."""
    only("drop", threshold=50, window_hours=2, compared_days=4, least=10)
    sunday = NOON - timedelta(days=NOON.isoweekday() % 7)
    with clock.at(sunday):
        for day in range(1, 7):
            traffic(city, sunday - timedelta(days=day, hours=1), 9000)
        for week in (1, 2):
            traffic(city, sunday - timedelta(weeks=week, hours=1), 40)
        traffic(city, sunday - timedelta(hours=1), 21)
        assert alarms.evaluate() == (0, 0)
        Traffic.objects.filter(records=21).update(records=20)
        assert alarms.evaluate() == (1, 0)
        assert alarm().value == 50


@pytest.mark.function("DX-04", at="operations:alarm-list")
def test_a_low_quality_score_is_an_alarm_until_it_is_better(client, city, shelf, only):
    only("quality", threshold=95, window_hours=24, least=4)
    report(client, city, {}, {"unit": "kg"}, {})
    assert alarms.evaluate() == (0, 0)
    report(client, city, {"unit": "kg"})
    assert alarms.evaluate() == (1, 0)
    found = alarm()
    assert (found.interface, found.value) == ("test.reading", found.worst)
    assert found.value < 95
    report(client, city, {"unit": "kg"})
    alarms.evaluate()
    assert alarm().worst < found.worst
    Traffic.objects.update(rejected=0, timed=0, timely=0)
    assert alarms.evaluate() == (0, 1)


def test_quiet_hours_put_the_notice_off_not_the_alarm(city, operator, shelf, only):
    only("lag", threshold=1, quiet_from=time(22), quiet_to=time(7))
    order(city)
    Parcel.objects.update(created_at=NOON)
    with clock.at(NOON.replace(hour=23)):
        assert alarms.evaluate() == (1, 0)
        assert not Notice.objects.exists()
    with clock.at(NOON.replace(hour=6, minute=59) + timedelta(days=1)):
        alarms.evaluate()
        assert not Notice.objects.exists()
    with clock.at(NOON.replace(hour=7, minute=0) + timedelta(days=1)):
        alarms.evaluate()
        alarms.evaluate()
        assert Notice.objects.filter(recipient=operator).count() == 1


def test_a_rule_that_is_switched_off_ends_its_alarms(city, shelf, only):
    only("lag", threshold=1)
    order(city)
    with clock.at(clock.now() + timedelta(minutes=5)):
        alarms.evaluate()
        rules.keep(code="lag", active=False)
        assert alarms.evaluate() == (0, 1)


def test_the_database_lets_one_alarm_be_active(city, only):
    rule = only("lag")
    facts = {
        "rule": rule,
        "rule_code": rule.code,
        "peer": peer(city),
        "severity": "warning",
        "value": 1,
        "worst": 1,
        "threshold": 1,
    }
    first = Alarm.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(**facts)
    alarms.resolve(first)
    Alarm.objects.create(**facts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("reference_again")
def test_many_watchers_raise_one_alarm(own, connect, shelf, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    monkeypatch.setattr(housekeeping, "kick", lambda: None)
    rules.load()
    AlarmRule.objects.exclude(code="lag").update(active=False)
    city = connect("M37020001")
    with transaction.atomic():
        order(city)
    Parcel.objects.update(created_at=clock.now() - timedelta(hours=1))

    def watch(_number):
        try:
            return alarms.evaluate()[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        raised = sum(pool.map(watch, range(16)))
    assert raised == Alarm.objects.count() == 1


@pytest.fixture
def raised(city, shelf, only):
    only("lag", threshold=1)
    order(city)
    with clock.at(clock.now() + timedelta(minutes=5)):
        alarms.evaluate()
    return alarm()


@pytest.mark.function("DX-21", at="operations:alarm-acknowledge")
def test_an_alarm_is_acknowledged_and_commented(client, operator, raised):
    client.post(reverse("operations:alarm-acknowledge", args=[raised.pk]))
    assert alarm().acknowledged_by == operator
    again = client.post(reverse("operations:alarm-acknowledge", args=[raised.pk]))
    assert again.status_code == 409
    url = reverse("operations:alarm-comment", args=[raised.pk])
    assert client.post(url, {"note": " "}).status_code == 422
    client.post(url, {"note": "line is being repaired"})
    text = client.get(alarm().get_absolute_url()).content.decode()
    assert "line is being repaired" in text
    types = AuditEntry.objects.values_list("type", flat=True)
    assert "exchange.alarm_acknowledged" in types


def test_who_may_only_look_cannot_acknowledge(client, clerk, raised):
    client.force_login(clerk)
    assert client.get(reverse("operations:alarm-list")).status_code == 200
    url = reverse("operations:alarm-acknowledge", args=[raised.pk])
    assert client.post(url).status_code == 403
    assert url not in client.get(raised.get_absolute_url()).content.decode()


def test_two_people_cannot_both_be_first(raised, own):
    one, two = UserFactory(), UserFactory()
    alarms.acknowledge(alarm=raised, by=one)
    with pytest.raises(Conflict):
        alarms.acknowledge(alarm=raised, by=two)
    assert alarm().acknowledged_by == one


def test_alarms_are_filtered_and_exported(client, operator, raised):
    url = reverse("operations:alarm-list")
    for given, count in (
        ({"state": "unresolved"}, 1),
        ({"state": "resolved"}, 0),
        ({"kind": "lag", "severity": "warning"}, 1),
        ({"kind": "down"}, 0),
    ):
        answer = client.get(url, given | {"export": "csv"})
        lines = answer.getvalue().decode().strip().splitlines()
        assert len(lines) == count + 1
    answer = client.post(url, {"bulk": "acknowledge", "selected": [raised.pk]})
    assert alarm().state == "open"
    client.post(url, {"bulk": "acknowledge", "selected": [raised.pk], "confirmed": "1"})
    assert alarm().state == "acknowledged"


RULE = {
    "name": "积压",
    "kind": "lag",
    "threshold": 20,
    "window_hours": 1,
    "compared_days": 7,
    "least": 0,
    "severity": "critical",
    "roles": ["sys_admin"],
    "quiet_from": "22:00",
    "quiet_to": "07:00",
    "active": "on",
    "reason": "too loud",
}


@pytest.mark.function("DX-04", at="operations:rule-edit")
def test_changing_a_rule_keeps_the_version_before(client, operator, own):
    url = reverse("operations:rule-edit", args=["lag"])
    assert client.get(url).status_code == 200
    client.post(url, RULE)
    old, new = AlarmRule.objects.filter(code="lag").order_by("version")
    assert (old.in_force, new.in_force) == (False, True)
    assert (new.threshold, new.by) == (20, operator)
    client.post(url, RULE)
    assert AlarmRule.objects.filter(code="lag").count() == 2
    text = client.get(new.get_absolute_url()).content.decode()
    assert "too loud" in text


def test_a_rule_of_ones_own(client, operator, own):
    url = reverse("operations:rule-add")
    client.post(url, RULE | {"code": "night"})
    assert rules.in_force("night").version == 1
    assert client.post(url, RULE | {"code": "night"}).status_code == 422
    text = client.get(reverse("operations:rule-list")).content.decode()
    assert "积压" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "errors", "threshold": 101},
        {"window_hours": 200},
        {"kind": "quality", "threshold": 101},
        {"quiet_to": ""},
    ],
)
def test_impossible_rules_are_refused_at_their_field(client, operator, own, wrong):
    url = reverse("operations:rule-edit", args=["lag"])
    answer = client.post(url, RULE | wrong)
    assert answer.status_code == 422
    assert "is-invalid" in answer.content.decode()
    assert AlarmRule.objects.filter(code="lag").count() == 1
