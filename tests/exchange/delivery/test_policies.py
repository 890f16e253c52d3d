"""Rules of a connection: states, rate, volume, size, hours, directions, interfaces."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from exchange.delivery import windows
from exchange.delivery.models import Parcel, Peer, PeerPolicy, RefusedGroup
from exchange.delivery.services import policies, pump, sending, states
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record
from tests.factories.accounts import UserFactory

ONE = "test.reading"
BEIJING = ZoneInfo("Asia/Shanghai")
FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=BEIJING)


@pytest.fixture
def rules(own, city):
    """Sets rules for the city."""

    def make(**values):
        return policies.change(peer=Peer.objects.get(code=city.code), **values)

    return make


def order(city, count=1):
    for _ in range(count):
        publish("test.order", announced(receivers=[city.code]))


def send_all():
    pump.collect()
    for peer_id in pump.due_peers():
        sending.send_to_peer(peer_id)


def push(client, city, *groups):
    payload = city.delivery(OWN, *(groups or (city.group(ONE, record(**reading())),)))
    return city.request(client, "POST", "deliveries", payload)


# States -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "fine"),
    [
        ("draft", "testing", True),
        ("draft", "enabled", True),
        ("draft", "suspended", False),
        ("testing", "enabled", True),
        ("testing", "draft", False),
        ("enabled", "suspended", True),
        ("enabled", "draft", False),
        ("suspended", "enabled", True),
        ("suspended", "testing", True),
        ("enabled", "disabled", True),
        ("disabled", "enabled", False),
        ("disabled", "draft", True),
        ("enabled", "enabled", True),
    ],
)
def test_which_state_follows_which(own, city, before, after, fine):
    Peer.objects.update(state=before)
    if fine:
        assert states.move(code=city.code, state=after, reason="x").state == after
    else:
        with pytest.raises(DomainError):
            states.move(code=city.code, state=after)
        assert Peer.objects.get().state == before


def test_moves_are_written_down_with_their_reason(own, city):
    states.move(code=city.code, state="disabled", reason="moved house")
    entry = AuditEntry.objects.get(type="exchange.peer_state")
    assert entry.data == {"from": "enabled", "to": "disabled", "reason": "moved house"}
    assert Peer.objects.get().state_reason == "moved house"


def test_a_disabled_peer_is_not_heard(client, own, city):
    states.move(code=city.code, state="disabled")
    answer = city.request(client, "GET", "interfaces")
    assert (answer.status_code, answer.json()["code"]) == (401, "suspended")


def test_a_line_under_test_passes_keys_but_no_records(client, own, city, shelf):
    """Both sides keep the records; nothing is lost when the line is enabled."""
    send_all()
    states.move(code=city.code, state="testing")
    order(city)
    send_all()
    assert not city.groups("test.order")
    beat = {"sent_at": "2026-11-20T08:00:00+08:00"}
    assert city.request(client, "POST", "heartbeats", beat).status_code == 204
    result = push(client, city).json()["results"][0]
    assert (result["code"], result["retry"]) == ("busy", True)
    states.move(code=city.code, state="enabled")
    send_all()
    assert len(city.groups("test.order")) == 1
    assert push(client, city).json()["results"][0]["applied"] == 1


# Receiving --------------------------------------------------------------------


def refused(answer, code):
    assert (answer.status_code, answer.json()["code"]) == (429, code)
    return int(answer["Retry-After"])


def test_requests_a_minute(client, rules, city):
    rules(requests_per_minute=2)
    with clock.at(FRIDAY_NOON):
        for _ in range(2):
            assert city.request(client, "GET", "interfaces").status_code == 200
        assert refused(city.request(client, "GET", "interfaces"), "too_many") == 60
    with clock.at(FRIDAY_NOON + timedelta(minutes=1)):
        assert city.request(client, "GET", "interfaces").status_code == 200


def test_records_a_day(client, rules, city, shelf):
    rules(daily_records=3)
    with clock.at(FRIDAY_NOON):
        two = [record(**reading(value=n)) for n in range(2)]
        assert push(client, city, city.group(ONE, *two)).status_code == 200
        more = [record(**reading(value=n)) for n in range(2)]
        answer = push(client, city, city.group(ONE, *more))
        assert refused(answer, "too_many") == 12 * 3600 + 1
        assert push(client, city).status_code == 200
        assert push(client, city).status_code == 429
    with clock.at(FRIDAY_NOON + timedelta(hours=13)):
        assert push(client, city).status_code == 200


def test_records_in_a_batch(client, rules, city, shelf):
    """Several groups beyond the size are refused; one group cannot be divided."""
    rules(batch_records=2)
    three = [city.group(ONE, record(**reading(value=n))) for n in range(3)]
    answer = push(client, city, *three)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert push(client, city, *three[:2]).status_code == 200
    many = city.group(ONE, *[record(**reading(value=n)) for n in range(3)])
    assert push(client, city, many).json()["results"][0]["applied"] == 3


def test_hours(client, rules, city, shelf):
    rules(windows=windows.parse("1-5 13:00-18:00"))
    with clock.at(FRIDAY_NOON):
        assert refused(push(client, city), "busy") == 3601
        beat = {"sent_at": FRIDAY_NOON.isoformat()}
        assert city.request(client, "POST", "heartbeats", beat).status_code == 204
    with clock.at(FRIDAY_NOON + timedelta(hours=1)):
        assert push(client, city).status_code == 200


@pytest.mark.parametrize("values", [{"may_receive": False}, {"interfaces": ["x.y"]}])
def test_interfaces_and_directions(client, rules, city, shelf, values):
    rules(**values)
    result = push(client, city).json()["results"][0]
    assert result["code"] == "out_of_scope"
    assert "retry" not in result
    assert RefusedGroup.objects.get().code == "out_of_scope"
    rules(may_receive=True, interfaces=[ONE])
    assert push(client, city).json()["results"][0]["applied"] == 1


# Sending ----------------------------------------------------------------------


@pytest.mark.parametrize("values", [{"may_send": False}, {"interfaces": [ONE]}])
def test_what_may_not_be_sent_waits(rules, city, shelf, values):
    """The keys of platforms always go; the rest goes when the rules change."""
    rules(**values)
    order(city)
    send_all()
    assert city.groups("exchange.node")
    assert not city.groups("test.order")
    assert Parcel.objects.filter(state="queued").count() == 1
    assert pump.due_peers() == []
    rules(may_send=True, interfaces=["test.order"])
    send_all()
    assert len(city.groups("test.order")) == 1


def test_nothing_is_sent_outside_the_hours(rules, city, shelf):
    rules(windows=windows.parse("08:00-09:00"))
    order(city)
    with clock.at(clock.now().astimezone(BEIJING).replace(hour=12)):
        Peer.objects.update(next_try_at=clock.now(), lease_until=clock.now())
        pump.collect()
        Parcel.objects.update(due_at=clock.now())
        sending.send_to_peer(Peer.objects.get().pk)
        assert not city.received
        assert Peer.objects.get().failures == 0
    with clock.at(clock.now().astimezone(BEIJING).replace(hour=8, minute=30)):
        Peer.objects.update(next_try_at=clock.now(), lease_until=clock.now())
        Parcel.objects.update(due_at=clock.now())
        sending.send_to_peer(Peer.objects.get().pk)
        assert city.groups("test.order")


def test_groups_and_batches_keep_to_the_agreed_size(rules, city, shelf):
    rules(batch_records=2)
    order(city, 5)
    send_all()
    assert [len(g["records"]) for g in city.groups("test.order")] == [2, 2, 1]
    for path, payload in city.received:
        if path == "deliveries":
            assert sum(len(g["records"]) for g in payload["groups"]) <= 2


def test_the_days_volume_and_the_rate_are_kept_when_sending(rules, city, shelf):
    send_all()
    city.received.clear()
    rules(daily_records=2, batch_records=1)
    sent_before = sum(b.records for b in Peer.objects.get().batches.all())
    rules(daily_records=sent_before + 2)
    order(city, 4)
    send_all()
    assert len(city.groups("test.order")) == 2
    rules(daily_records=None, requests_per_minute=1)
    send_all()
    assert len(city.groups("test.order")) == 3
    rules(requests_per_minute=None)
    send_all()
    assert len(city.groups("test.order")) == 4


def test_a_429_is_no_failure_of_the_line(own, city, shelf):
    city.status = 429
    order(city)
    send_all()
    peer = Peer.objects.get()
    assert (peer.failures, peer.last_error[:3]) == (0, "429")
    assert peer.next_try_at > clock.now()
    city.status = 200
    Peer.objects.update(next_try_at=clock.now())
    send_all()
    assert city.groups("test.order")


# Rules as data ----------------------------------------------------------------


def test_rules_have_versions_and_are_audited(rules, city):
    first = rules(daily_records=10, reason="trial")
    assert rules(daily_records=10).pk == first.pk
    second = rules(daily_records=20)
    assert (first.version, second.version) == (1, 2)
    entry = AuditEntry.objects.filter(type="exchange.policy_changed").latest("pk")
    assert entry.data["changed"] == {"daily_records": {"from": 10, "to": 20}}
    for wrong in ({"batch_records": 0}, {"batch_records": 1001}):
        with pytest.raises(DomainError):
            rules(**wrong)


@pytest.mark.parametrize(
    ("text", "moment", "seconds"),
    [
        ("", FRIDAY_NOON, 0),
        ("08:00-18:00", FRIDAY_NOON, 0),
        ("5 12:00-13:00", FRIDAY_NOON, 0),
        ("5 11:00-12:00", FRIDAY_NOON, (7 * 24 - 1) * 3600 + 1),
        ("1-4 12:00-13:00", FRIDAY_NOON, 3 * 24 * 3600 + 1),
        ("22:00-06:00", FRIDAY_NOON.replace(hour=3), 0),
        ("4 22:00-06:00", FRIDAY_NOON.replace(hour=3), 0),
        ("5 22:00-06:00", FRIDAY_NOON.replace(hour=3), 19 * 3600 + 1),
        ("6,7 00:00-24:00\n1-5 20:00-24:00", FRIDAY_NOON, 8 * 3600 + 1),
    ],
)
def test_waiting_for_a_window(text, moment, seconds):
    parsed = windows.parse(text)
    assert windows.wait(parsed, moment) == seconds
    assert windows.parse(windows.render(parsed)) == parsed


def test_windows_are_written_as_they_are_read():
    for text in ("1-5 08:00-18:00", "1,3-4,7 00:00-24:00"):
        assert windows.render(windows.parse(text)) == text


@pytest.mark.parametrize("text", ["8-9", "8 08:00-09:00", "08:00-25:00", "1-5 always"])
def test_what_is_no_window(text):
    with pytest.raises(DomainError):
        windows.parse(text)


# Pages ------------------------------------------------------------------------


def test_the_rules_are_changed_on_their_page(client, own, city):
    url = reverse("delivery:peer-policy", args=[city.code])
    client.force_login(UserFactory())
    assert client.get(url).status_code == 403
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(url).status_code == 200
    values = {
        "daily_records": 500,
        "batch_records": 100,
        "windows": "1-5 08:00-18:00",
        "may_send": "on",
        "interfaces": ["exchange.node"],
        "reason": "office hours",
    }
    client.post(url, values)
    policy = PeerPolicy.objects.get()
    assert (policy.daily_records, policy.may_receive) == (500, False)
    assert policy.windows[0]["days"] == [1, 2, 3, 4, 5]
    wrong = client.post(url, values | {"windows": "sometimes"})
    assert wrong.status_code == 422
    text = client.get(reverse("delivery:peer", args=[city.code])).content.decode()
    assert "office hours" in text
    assert "08:00-18:00" in text


def test_the_state_is_changed_on_its_page(client, own, city):
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("delivery:peer-state", args=[city.code])
    text = client.get(url).content.decode()
    assert 'value="disabled"' in text
    assert 'value="draft"' not in text
    client.post(url, {"state": "testing", "reason": "new line"})
    assert Peer.objects.get().state == "testing"
    assert client.post(url, {"state": "draft"}).status_code == 422


def test_the_command_moves_a_state(own, city):
    call_command("exchange_peer", "state", city.code, "disabled", "--reason", "end")
    assert Peer.objects.get().state == "disabled"
    with pytest.raises(CommandError):
        call_command("exchange_peer", "state", city.code, "enabled")
