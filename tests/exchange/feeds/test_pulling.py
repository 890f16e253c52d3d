"""Fetching from a neighbour: exactly once in effect, whatever the line does."""

import random
from datetime import timedelta
from queue import SimpleQueue
from urllib.parse import parse_qs

import httpx
import pytest

from exchange.delivery.models import Group, LedgerRow, Peer, RefusedGroup
from exchange.feeds.models import Application
from exchange.feeds.services import pulling
from platform_core.common import clock
from tests.exchange.conftest import OWN, reading
from tests.exchange.neighbour import record

INTERFACE = "test.reading"


class Source:
    """A neighbour with a feed: pages by cursor, or a status instead."""

    def __init__(self, one):
        self.one = one
        self.pages = {}
        self.status = 200
        self.asked = []

    def fill(self, *pages, interface=INTERFACE):
        """Groups for each page, linked by cursors."""
        for number, groups in enumerate(pages):
            self.pages[str(number) if number else ""] = {
                "records": groups,
                "next_cursor": str(number + 1),
                "has_more": number + 1 < len(pages),
            }

    def answer(self, request):
        self.one.check(request)
        assert request.url.path == f"/exchange/v1/interfaces/{INTERFACE}/changes"
        cursor = parse_qs(request.url.query.decode()).get("cursor", [""])[0]
        self.asked.append(cursor)
        if self.status != 200:
            error = {"code": "busy", "message": "later", "fields": {}}
            return httpx.Response(self.status, json=error)
        nothing = {"records": [], "next_cursor": cursor, "has_more": False}
        return httpx.Response(200, json=self.pages.get(cursor, nothing))


@pytest.fixture
def source(city, shelf, monkeypatch):
    made = Source(city)
    monkeypatch.setattr(city, "answer", made.answer)
    return made


def subscription(one, **facts):
    terms = {"interface": INTERFACE, "state": "active", "mode": "pull"} | facts
    peer = Peer.objects.get(code=one.code)
    return Application.objects.create(peer=peer, **terms)


def readings(count, **changes):
    return [record(**reading(value=n, **changes)) for n in range(count)]


def run(at=None):
    with clock.at(at or clock.now()):
        return [pulling.pull(pk) for pk in pulling.due()]


def later(seconds):
    return clock.now() + timedelta(seconds=seconds)


def test_pages_are_applied_once_and_the_cursor_is_kept(source, city, shelf):
    row = subscription(city)
    one, two, three = readings(3)
    source.fill([city.group(INTERFACE, one, two)], [city.group(INTERFACE, three)])
    run()
    assert set(shelf.rows) == {one["uid"], two["uid"], three["uid"]}
    row.refresh_from_db()
    assert (row.cursor, row.pulled, row.failures) == ("2", 3, 0)
    run()
    assert source.asked == ["", "1", "2"]
    assert len(shelf.calls) == 3


def test_doubled_and_shuffled_pages_end_the_same(source, city, shelf):
    """A later revision first, then the earlier ones again and again."""
    subscription(city)
    uids = [one["uid"] for one in readings(5)]
    every = [
        record(revision=revision, uid=uid, **reading(value=revision))
        for uid in uids
        for revision in (1, 2, 3)
    ] * 3
    random.Random(7).shuffle(every)
    pages = [[city.group(INTERFACE, *every[i : i + 4])] for i in range(0, 45, 4)]
    source.fill(*pages)
    run()
    assert {row.revision for row in shelf.rows.values()} == {3}
    assert set(shelf.rows) == set(uids)
    assert LedgerRow.objects.filter(revision=3).count() == 5
    applied = [(str(call.uid), call.revision) for call in shelf.calls]
    assert len(applied) == len(set(applied))


def test_records_and_cursor_commit_together(source, city, shelf, monkeypatch):
    row = subscription(city)
    source.fill([city.group(INTERFACE, *readings(2))])
    take = pulling.receiving.take

    def die(*args):
        take(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(pulling.receiving, "take", die)
    with pytest.raises(KeyboardInterrupt):
        pulling.pull(row.pk)
    row.refresh_from_db()
    assert (row.cursor, LedgerRow.objects.count()) == ("", 0)
    monkeypatch.undo()
    monkeypatch.setattr(city, "answer", source.answer)


def test_after_a_crash_it_goes_on_by_itself(source, city, shelf):
    row = subscription(city)
    row.lease_until = later(100)
    row.save()
    source.fill([city.group(INTERFACE, *readings(2))])
    assert run() == []
    assert run(later(101)) == [0]
    assert LedgerRow.objects.count() == 2


def test_a_failing_source_is_asked_ever_more_slowly(source, city, shelf):
    row = subscription(city)
    source.fill([city.group(INTERFACE, *readings(1))])
    source.status = 503
    moment, pauses = clock.now(), []
    for _ in range(12):
        run(moment)
        row.refresh_from_db()
        pauses.append((row.next_try_at - moment).total_seconds())
        moment = row.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert "busy" in row.error
    source.status = 200
    run(moment)
    row.refresh_from_db()
    assert (row.failures, row.error, row.pulled) == (0, "", 1)


def test_a_dead_source_does_not_slow_another(source, city, connect, shelf, monkeypatch):
    other = connect("M37080001")
    second = Source(other)
    monkeypatch.setattr(other, "answer", second.answer)
    subscription(city)
    subscription(other)
    source.status = 503
    second.fill([other.group(INTERFACE, *readings(2, division="370800"))])
    run()
    assert len(shelf.rows) == 2


def test_a_missing_reference_is_waited_for(source, city, shelf):
    row = subscription(city)
    needing = record(**reading(needs="x"))
    source.fill([city.group(INTERFACE, needing)])
    moment = clock.now()
    for pause in (1, 5, 30):
        run(moment)
        row.refresh_from_db()
        assert (row.cursor, row.failures) == ("", 0)
        assert (row.next_try_at - moment).total_seconds() == pause
        moment = row.next_try_at
    shelf.rows["x"] = object()
    run(moment)
    row.refresh_from_db()
    assert (row.cursor, needing["uid"] in shelf.rows) == ("1", True)


def test_a_poison_record_is_set_aside_and_the_rest_goes_on(source, city, shelf):
    row = subscription(city)
    bad, good = record(**reading(note="poison")), record(**reading())
    source.fill([city.group(INTERFACE, bad, good)])
    run()
    row.refresh_from_db()
    assert set(shelf.rows) == {good["uid"]}
    assert row.cursor == "1"


def test_a_changed_byte_is_refused_and_recorded(source, city, shelf):
    row = subscription(city)
    group = city.group(INTERFACE, *readings(1))
    group["records"][0]["data"]["value"] = 99
    good = city.group(INTERFACE, *readings(1))
    source.fill([group, good])
    run()
    assert RefusedGroup.objects.get().code == "bad_seal"
    row.refresh_from_db()
    assert (row.cursor, len(shelf.rows)) == ("1", 1)


def test_records_under_a_key_not_known_yet_wait(source, city, shelf):
    row = subscription(city)
    city.serial = 2
    group = city.group(INTERFACE, *readings(1))
    city.serial = 1
    source.fill([group])
    run()
    row.refresh_from_db()
    assert (row.cursor, row.failures, len(shelf.rows)) == ("", 1, 0)


@pytest.mark.parametrize(
    "page",
    [
        [],
        {"records": {}},
        {"records": [], "next_cursor": 5},
        {"records": ["x"], "next_cursor": "1"},
    ],
)
def test_an_answer_of_another_kind_is_a_failure(source, city, shelf, page):
    row = subscription(city)
    source.pages[""] = page
    run()
    row.refresh_from_db()
    assert (row.cursor, row.failures) == ("", 1)


def test_only_what_was_asked_for_is_taken(source, city, shelf):
    row = subscription(city)
    source.fill([city.group("exchange.node", *readings(1))])
    run()
    row.refresh_from_db()
    assert (row.failures, len(shelf.rows)) == (1, 0)


@pytest.mark.parametrize(
    "facts", [{"state": "suspended"}, {"state": "applied"}, {"mode": "push"}]
)
def test_nothing_is_asked_without_a_subscription(source, city, shelf, facts):
    row = subscription(city, **facts)
    assert run() == []
    assert pulling.pull(row.pk) == 0 or row.mode == "push"


def test_a_subscription_that_ran_out_is_not_fetched(source, city, shelf):
    subscription(city, valid_to=later(-1))
    run()
    assert source.asked == []


def test_a_subscription_lets_an_interface_in_against_its_direction(
    client, nation, city, shelf
):
    """Readings go up; from above they come only because we asked for them."""
    group = nation.group(INTERFACE, *readings(1, division="370000"))
    (refused,) = nation.deliver(client, OWN, group)["results"]
    assert refused["code"] == "not_subscribed"
    row = subscription(nation, mode="push")
    (taken,) = nation.deliver(client, OWN, group)["results"]
    assert taken["applied"] == 1
    assert not Group.objects.filter(origin=nation.code, interface=INTERFACE).exists()
    Application.objects.filter(pk=row.pk).update(state="suspended")
    (refused,) = nation.deliver(client, OWN, group)["results"]
    assert refused["code"] == "not_subscribed"


def large(one, count=400):
    """A page that is worth asking for the next one meanwhile."""
    return [one.group(INTERFACE, *readings(count, padding="x" * 100))]


@pytest.fixture
def heard(source, city, monkeypatch):
    """Each question as it comes, from whatever thread."""
    found = SimpleQueue()

    def answer(request):
        made = source.answer(request)
        found.put(source.asked[-1])
        return made

    monkeypatch.setattr(city, "answer", answer)
    return lambda: found.get(timeout=30)


def test_the_next_page_is_fetched_while_one_is_applied(
    source, city, shelf, heard, monkeypatch
):
    row = subscription(city)
    source.fill(large(city), large(city), [city.group(INTERFACE, *readings(1))])
    take, questions = pulling.receiving.take, []

    def taking(*args):
        while len(questions) < min(len(shelf.rows) // 400 + 2, 3):
            questions.append(heard())
        return take(*args)

    monkeypatch.setattr(pulling.receiving, "take", taking)
    run()
    assert questions == source.asked == ["", "1", "2"]
    row.refresh_from_db()
    assert (row.cursor, row.pulled, len(shelf.rows)) == ("3", 801, 801)


def test_what_was_fetched_ahead_of_a_page_that_fails_is_dropped(
    source, city, shelf, heard
):
    row = subscription(city)
    needing = record(**reading(value=1, needs="x", padding="y" * 60_000))
    source.fill([city.group(INTERFACE, needing)], large(city))
    run()
    assert (heard(), heard(), len(shelf.rows)) == ("", "1", 0)
    row.refresh_from_db()
    assert row.cursor == ""
    source.pages[""]["records"] = large(city)
    run(row.next_try_at)
    assert source.asked == ["", "1", "", "1"]
    assert len(shelf.rows) == 800


@pytest.mark.parametrize("cursor", ["x" * 2_001, "a\0b", 5, None])
def test_cursors_that_cannot_be_kept(source, city, shelf, cursor):
    """Cut or cleaned it would be another one; the page is asked for again."""
    row = subscription(city)
    group = city.group(INTERFACE, *readings(1))
    source.pages[""] = {"records": [group], "next_cursor": cursor, "has_more": True}
    run()
    row.refresh_from_db()
    assert (row.cursor, row.failures) == ("", 1)
    assert not shelf.rows


def test_a_long_cursor_is_kept_as_it_is(source, city, shelf):
    row = subscription(city)
    source.pages[""] = {"records": [], "next_cursor": "x" * 2_000, "has_more": True}
    run()
    row.refresh_from_db()
    assert row.cursor == "x" * 2_000
    assert source.asked == ["", "x" * 2_000]
