"""Calls, seats and blocked numbers: what the switchboard says, what people do."""

import itertools
import random
from datetime import timedelta

import pytest
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from municipal.command.intake import selectors, services
from municipal.command.intake.enums import CallState, Outcome, SeatState
from municipal.command.intake.models import BlockedNumber, Call, Line, Seat
from municipal.command.models import Case
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from tests.factories import command as factory
from tests.factories.accounts import UserFactory
from tests.factories.command import CLASS, LAT, LON, STEP

EVENTS = "/api/v1/calls/events"
CALLER = "13800001111"


@pytest.fixture
def city(db):
    return factory.district()


@pytest.fixture
def seat(city):
    made = Seat.objects.create(code="801", extension="801")
    return services.sit(seat=made, by=city.acceptor)


@pytest.fixture
def switchboard(city):
    """A client that may report calls and nothing else."""
    account = UserFactory(roles=("interface",))
    client = APIClient()
    token = AuthToken.objects.create(account)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    Line.objects.create(number="12345", name="热线", source_id="04")
    return client


def event(state, moment, **more):
    return {
        "external_id": "c-1",
        "state": state,
        "at": moment.isoformat(),
        "caller": CALLER,
        "called": "12345",
        "seat": "801",
        **more,
    }


def story():
    """A call from the first ring to its recording."""
    begin = clock.now()
    return [
        event("ringing", begin),
        event("talking", begin + timedelta(seconds=8)),
        event(
            "ended",
            begin + timedelta(seconds=98),
            recording="https://recordings.example.org/1.mp3",
        ),
    ]


@pytest.mark.function("CC-12", at="intake_api:call-events")
def test_a_call_is_followed_from_ring_to_recording(switchboard, seat, city):
    for each in story():
        answer = switchboard.post(EVENTS, each, format="json")
        assert answer.status_code == 200, answer.content
    call = Call.objects.get()
    assert call.state == "ended"
    assert (call.waited, call.talked) == (timedelta(seconds=8), timedelta(seconds=90))
    assert (call.by, call.line.number) == (city.acceptor, "12345")
    assert call.recording.endswith("1.mp3")
    seat.refresh_from_db()
    assert seat.state == SeatState.AFTER
    assert AuditEntry.objects.filter(type="call.event").count() == 3


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_events_in_any_order_and_twice_come_to_the_same(switchboard, seat, order):
    told = story()
    sent = [told[place] for place in order]
    random.Random(str(order)).shuffle(again := sent * 2)
    for each in sent + again:
        assert switchboard.post(EVENTS, each, format="json").status_code == 200
    call = Call.objects.get()
    assert (call.state, call.waited) == ("ended", timedelta(seconds=8))
    assert call.talked == timedelta(seconds=90)


def test_a_blocked_caller_is_turned_away(switchboard, seat, city):
    services.block(number=CALLER, reason="骚扰", by=city.duty_leader)
    answer = switchboard.post(EVENTS, story()[0], format="json")
    assert answer.json()["state"] == CallState.BLOCKED
    later = switchboard.post(EVENTS, story()[1], format="json")
    assert later.json()["state"] == CallState.BLOCKED


def test_a_block_ends_with_its_day(city):
    day = clock.today()
    services.block(number=CALLER, reason="骚扰", until=day, by=city.duty_leader)
    blocked = services.calls.is_blocked
    assert blocked(CALLER, day)
    assert not blocked(CALLER, day + timedelta(days=1))
    yesterday = day - timedelta(days=1)
    with pytest.raises(DomainError):
        services.block(number="10086", reason="x", until=yesterday, by=city.acceptor)
    assert BlockedNumber.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"state": "singing"}, "state"),
        ({"at": "yesterday"}, "at"),
        ({"recording": "javascript:1"}, "recording"),
        ({"state": "blocked"}, "state"),
    ],
)
def test_a_wrong_event_is_refused_and_leaves_nothing(switchboard, wrong, field):
    answer = switchboard.post(EVENTS, {**story()[0], **wrong}, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Call.objects.exists()


def test_only_the_switchboard_reports_calls(city):
    client = APIClient()
    token = AuthToken.objects.create(city.acceptor)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.post(EVENTS, story()[0], format="json").status_code == 403


def test_one_person_has_one_seat_and_one_seat_one_person(city, seat):
    other = Seat.objects.create(code="802")
    services.sit(seat=other, by=city.acceptor)
    seat.refresh_from_db()
    assert (seat.user, seat.state) == (None, SeatState.AWAY)
    with pytest.raises(Conflict, match=str(city.acceptor)):
        services.sit(seat=other, by=city.duty_leader)


def test_a_seat_turns_and_is_left(city, seat):
    services.turn(by=city.acceptor, state="break")
    seat.refresh_from_db()
    assert seat.state == SeatState.BREAK
    for nonsense in ("away", "asleep"):
        with pytest.raises(DomainError):
            services.turn(by=city.acceptor, state=nonsense)
    services.end_of_work(by=city.acceptor)
    with pytest.raises(DomainError):
        services.turn(by=city.acceptor, state="free")


@pytest.mark.function("CC-12", at=["intake:desk", "intake:pop", "intake:call-report"])
def test_a_call_pops_up_and_becomes_a_case(client, switchboard, seat, city):
    earlier = factory.report(city, contact=CALLER)
    switchboard.post(EVENTS, story()[0], format="json")
    client.force_login(city.acceptor)
    desk = client.get(reverse("intake:desk"))
    assert CALLER in desk.content.decode()
    shown = client.get(reverse("intake:pop"))
    text = shown.content.decode()
    assert earlier.number in text
    again = client.get(reverse("intake:pop"), HTTP_IF_NONE_MATCH=shown["ETag"])
    assert again.status_code == 304
    call = Call.objects.get()
    url = reverse("intake:call-report", args=[call.uid])
    form = client.get(url).context["form"]
    assert (form["contact"].value(), form["source"].value()) == (CALLER, "04")
    given = {
        "source": "04",
        "problem": f"matter:{CLASS}",
        "description": "井盖缺失",
        "contact": CALLER,
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
    }
    assert client.post(url, given).status_code == 302
    call.refresh_from_db()
    assert (call.outcome, call.case.contact) == (Outcome.CASE, CALLER)
    assert call.case.source_id == "04"


def test_nothing_pops_up_at_another_seat(client, switchboard, seat, city):
    switchboard.post(EVENTS, story()[0], format="json")
    client.force_login(city.duty_leader)
    assert CALLER not in client.get(reverse("intake:pop")).content.decode()


def test_a_call_is_noted_with_its_case(client, switchboard, seat, city):
    case = factory.report(city)
    switchboard.post(EVENTS, story()[0], format="json")
    call = Call.objects.get()
    client.force_login(city.acceptor)
    url = reverse("intake:call-note", args=[call.uid])
    wrong = client.post(url, {"outcome": "follow_up", "case_number": "999"})
    assert wrong.status_code == 422
    client.post(url, {"outcome": "follow_up", "case_number": case.number, "note": "催"})
    call.refresh_from_db()
    assert (call.outcome, call.case, call.note) == ("follow_up", case, "催")
    page = client.get(call.get_absolute_url()).content.decode()
    assert case.number in page
    with pytest.raises(DomainError):
        services.note_call(call=call, by=city.acceptor, outcome="sleep")


def test_registering_needs_a_case(city):
    call = Call.objects.create(external_id="x", state="ended", by=city.acceptor)
    with pytest.raises(DomainError):
        services.note_call(call=call, by=city.acceptor, outcome=Outcome.CASE)
    assert Case.objects.count() == 0


def test_operators_see_their_own_calls_leaders_all(client, city, seat):
    Call.objects.create(external_id="a", state="ended", by=city.acceptor, caller="111")
    Call.objects.create(external_id="b", state="ended", caller="222")
    seen = {
        person: set(
            Call.objects.visible_to(person).values_list("external_id", flat=True)
        )
        for person in (city.acceptor, city.duty_leader, city.dept_handler)
    }
    assert seen == {
        city.acceptor: {"a"},
        city.duty_leader: {"a", "b"},
        city.dept_handler: set(),
    }
    other = Call.objects.get(external_id="b")
    client.force_login(city.acceptor)
    assert client.get(other.get_absolute_url()).status_code == 404


@pytest.mark.function("CC-12", at="intake:statistics")
def test_statistics_add_up_to_the_calls(client, city, seat):
    begin = clock.now() - timedelta(hours=1)
    for place in range(6):
        missed = place == 5
        Call.objects.create(
            external_id=str(place),
            state="missed" if missed else "ended",
            by=None if missed else city.acceptor,
            rang_at=begin,
            answered_at=None if missed else begin + timedelta(seconds=10 * place),
            ended_at=begin + timedelta(seconds=100),
        )
    found = selectors.figures(Call.objects.all())
    assert (found["calls"], found["answered"], found["missed"]) == (6, 5, 1)
    assert (found["wait"], found["talk"]) == (
        timedelta(seconds=20),
        timedelta(seconds=80),
    )
    assert sum(selectors.by_hour(Call.objects.all())) == 6
    client.force_login(city.duty_leader)
    page = client.get(reverse("intake:statistics")).content.decode()
    assert str(city.acceptor) in page


def test_the_list_of_calls_costs_the_same_for_many(
    client, city, seat, django_assert_max_num_queries
):
    client.force_login(city.duty_leader)
    for place in range(25):
        Call.objects.create(
            external_id=str(place), state="ended", by=city.acceptor, seat=seat
        )
    client.get(reverse("intake:calls"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("intake:calls")).status_code == 200
    export = client.get(reverse("intake:calls"), {"export": "csv"})
    assert len(b"".join(export.streaming_content).splitlines()) == 26
