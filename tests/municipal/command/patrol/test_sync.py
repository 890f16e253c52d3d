"""What phones send without a line: nothing lost, nothing doubled, order kept."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from municipal.command.models import Case
from municipal.command.patrol.models import Device, SyncEntry
from municipal.command.patrol.phone import kinds, services
from platform_core.common import clock
from platform_core.files import services as files
from platform_core.files.models import PartialUpload
from tests.factories import command as factory
from tests.factories.command import CLASS, KIND, LAT, LON, STEP

URL = "/api/v1/field/sync"
COUNT = 200


def caller(user):
    client = APIClient()
    token = AuthToken.objects.create(user)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def upload(user):
    """A photo that has arrived, as an upload of the phone."""
    kept = factory.picture(user)
    return str(
        PartialUpload.objects.create(
            uid=uuid4(),
            by=user,
            name="a.jpg",
            size=1,
            received=1,
            sha256=sha256(b"x").hexdigest(),
            attachment=kept,
        ).uid
    )


def entry(seq, kind="report", **payload):
    if kind == "report":
        place = {"lon": LON + STEP * (0.1 + seq % 30 / 10), "lat": LAT + STEP / 2}
        payload = {
            "class_kind": KIND,
            "class_code": CLASS,
            "description": f"第{seq}件",
            **place,
            **payload,
        }
    return {
        "id": str(uuid4()),
        "seq": seq,
        "kind": kind,
        "made_at": clock.now().isoformat(),
        "payload": payload,
    }


def batch(device, entries, **more):
    now = clock.now().isoformat()
    return {"device": device, "device_clock": now, "entries": entries, **more}


def send(client, device, entries, **more):
    return client.post(URL, batch(device, entries, **more), format="json")


def day(device, user):
    """A day of work without a line: reports, and a read message after each tenth."""
    rows = []
    for seq in range(1, COUNT + 1):
        if seq % 10 == 0:
            rows.append(entry(seq, "read", notices=[]))
        else:
            photos = [upload(user)] if seq % 4 == 0 else []
            rows.append(entry(seq, photos=photos))
    return rows


def said(device):
    """The reports of a phone in the order in which they became cases."""
    done = SyncEntry.objects.filter(device__uid=device, kind="report", state="applied")
    uids = [UUID(row.result["case"]) for row in done.order_by("seq")]
    numbers = dict(Case.objects.filter(uid__in=uids).values_list("uid", "number"))
    return [numbers[uid] for uid in uids]


@pytest.mark.function("CC-01", at="phone_api:sync")
@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_entries_shuffled_and_doubled_come_to_the_same(
    city, monkeypatch, seed
):
    chance = random.Random(seed)
    client = caller(city.supervisor)
    phones = [str(uuid4()), str(uuid4())]
    made = {phone: day(phone, city.supervisor) for phone in phones}
    pending = [(phone, row) for phone in phones for row in made[phone]] * 2
    chance.shuffle(pending)
    broken = kinds.find("report")

    def sometimes(given):
        result = broken(given)
        if chance.random() < 0.05:
            raise RuntimeError("the worker died after the case was made")
        return result

    monkeypatch.setitem(kinds._kinds, "report", sometimes)
    client.raise_request_exception = False
    while pending:
        size = chance.randint(1, 25)
        part, pending = pending[:size], pending[size:]
        for phone in phones:
            mine = [row for owner, row in part if owner == phone]
            send(client, phone, mine)
    monkeypatch.setitem(kinds._kinds, "report", broken)
    for phone in phones:
        answer = send(client, phone, made[phone][-5:])
        assert answer.json()["next_seq"] == COUNT + 1
        assert said(phone) == sorted(said(phone))
    assert SyncEntry.objects.filter(state="applied").count() == 2 * COUNT
    assert Case.objects.count() == 2 * COUNT * 9 // 10
    with_photo = [case for case in Case.objects.all() if files.of(case).exists()]
    assert len(with_photo) == 2 * COUNT // 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.usefixtures("real_commits")
def test_eight_lines_at_once_apply_everything_once():
    city = factory.district()
    phone = str(uuid4())
    rows = day(phone, city.supervisor)
    token = AuthToken.objects.create(city.supervisor)[1]

    def line(seed):
        chance, mine = random.Random(seed), list(rows)
        chance.shuffle(mine)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        try:
            for start in range(0, COUNT, 25):
                answer = send(client, phone, mine[start : start + 25])
                assert answer.status_code == 200, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(line, range(8)))
    assert Case.objects.count() == COUNT * 9 // 10
    assert said(phone) == sorted(said(phone))
    assert Device.objects.get(uid=phone).next_seq == COUNT + 1


def test_what_comes_early_waits(city):
    client, phone = caller(city.supervisor), str(uuid4())
    first, second = entry(1), entry(2)
    early = send(client, phone, [second]).json()
    assert [row["state"] for row in early["entries"]] == ["waiting"]
    assert Case.objects.count() == 0
    send(client, phone, [first])
    later = send(client, phone, [second]).json()
    assert [row["state"] for row in later["entries"]] == ["applied"]
    assert Case.objects.count() == 2


def test_a_photo_on_its_way_makes_the_rest_wait(city):
    client, phone = caller(city.supervisor), str(uuid4())
    late = str(uuid4())
    rows = [entry(1, photos=[late]), entry(2)]
    assert send(client, phone, rows).json()["next_seq"] == 1
    PartialUpload.objects.create(
        uid=late,
        by=city.supervisor,
        name="a",
        size=1,
        received=1,
        sha256="0" * 64,
        attachment=factory.picture(city.supervisor),
    )
    assert send(client, phone, []).json()["next_seq"] == 3
    assert Case.objects.count() == 2


def test_a_refused_entry_stops_only_what_depends_on_it(city):
    client, phone = caller(city.supervisor), str(uuid4())
    wrong = entry(1, description="")
    child = {**entry(2, "step", report=wrong["id"], action="x"), "depends_on": None}
    other = entry(3)
    linked = {**entry(4), "depends_on": wrong["id"]}
    told = send(client, phone, [wrong, child, other, linked]).json()["entries"]
    assert [row["state"] for row in told] == [
        "refused",
        "refused",
        "applied",
        "refused",
    ]
    assert all(row["reason"] for row in told if row["state"] == "refused")
    assert Case.objects.count() == 1


@pytest.mark.function("CC-02", at="phone_api:sync")
def test_what_was_solved_on_the_spot_waits_for_review(city):
    client, phone = caller(city.supervisor), str(uuid4())
    photos = {name: [upload(city.supervisor)] for name in ("photos", "after")}
    rows = [entry(1, self_handled=True, **photos), entry(2, self_handled=True)]
    first, second = send(client, phone, rows).json()["entries"]
    assert (first["state"], first["result"]["state"]) == ("applied", "self_handled")
    assert second["state"] == "refused"
    assert Case.objects.get().source_id == "02"


@pytest.mark.function("CC-03", "CC-04", at=["phone_api:sync", "field:task"])
@pytest.mark.parametrize(
    ("state", "action", "result"),
    [
        ("verifying", "verify_true", "pending_accept"),
        ("checking", "check_pass", "pending_close"),
    ],
)
def test_a_task_is_answered_from_the_phone(city, state, action, result):
    case = factory.lead(city, state)
    client, phone = caller(case.field_inspector), str(uuid4())
    photos = [upload(case.field_inspector)]
    row = entry(1, "step", case=str(case.uid), action=action, photos=photos)
    (told,) = send(client, phone, [row]).json()["entries"]
    assert (told["state"], told["result"]["state"]) == ("applied", result), told
    case.refresh_from_db()
    assert case.state == result


@pytest.mark.function("CC-10", at="phone_api:sync")
def test_a_unit_signs_asks_and_reports_from_the_phone(city):
    case = factory.lead(city, "pending_handling")
    client, phone = caller(city.dept_handler), str(uuid4())
    uid = str(case.uid)
    until = (timezone.localtime() + timedelta(days=3)).date().isoformat()
    photos = [upload(city.dept_handler)]
    rows = [
        entry(1, "step", case=uid, action="sign"),
        entry(2, "ask", case=uid, request="suspension", note="等待雨停", until=until),
        entry(3, "step", case=uid, action="feedback", photos=photos),
    ]
    told = send(client, phone, rows).json()["entries"]
    assert [row["state"] for row in told][:2] == ["applied", "applied"], told
    case.refresh_from_db()
    assert case.requests.filter(kind="suspension").exists()


def test_rules_hold_for_phones_too(city):
    case = factory.lead(city, "verifying")
    client = caller(city.other_supervisor)
    row = entry(1, "step", case=str(case.uid), action="verify_true")
    (told,) = send(client, str(uuid4()), [row]).json()["entries"]
    assert told["state"] == "refused"
    case.refresh_from_db()
    assert case.state == "verifying"


@pytest.mark.parametrize("minutes", [-600, -3, 0, 3, 600])
def test_a_wrong_clock_is_measured_and_marked(city, minutes):
    client, phone = caller(city.supervisor), str(uuid4())
    ahead = timedelta(minutes=minutes)
    row = entry(1)
    true_moment = clock.now() - timedelta(hours=1)
    row["made_at"] = (true_moment + ahead).isoformat()
    device_clock = (clock.now() + ahead).isoformat()
    (told,) = send(client, phone, [row], device_clock=device_clock).json()["entries"]
    assert told["clock_wrong"] is (abs(minutes) > 5)
    kept = SyncEntry.objects.get()
    assert abs((kept.happened_at - true_moment).total_seconds()) < 30
    assert kept.claimed_at == true_moment + ahead
    assert abs((Case.objects.get().reported_at - clock.now()).total_seconds()) < 60


def test_a_queue_belongs_to_one_person(city):
    phone = str(uuid4())
    send(caller(city.supervisor), phone, [entry(1)])
    other = caller(city.other_supervisor)
    assert send(other, phone, [entry(2)]).status_code == 409
    assert other.get(f"{URL}/{phone}").status_code == 404
    assert Case.objects.count() == 1


def test_another_entry_in_the_same_place_is_refused(city):
    client, phone = caller(city.supervisor), str(uuid4())
    send(client, phone, [entry(1)])
    assert send(client, phone, [entry(1)]).status_code == 409
    assert Case.objects.count() == 1


def test_what_was_discarded_on_the_phone_leaves_no_gap(city):
    client, phone = caller(city.supervisor), str(uuid4())
    stuck = entry(1, photos=[str(uuid4())])
    send(client, phone, [stuck, entry(2)])
    answer = client.post(f"{URL}/{phone}/{stuck['id']}/drop")
    assert answer.json()["entries"][0]["state"] == "dropped"
    assert answer.json()["next_seq"] == 3
    rows = [{**entry(3), "dropped": True}, entry(4)]
    assert send(client, phone, rows).json()["next_seq"] == 5
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"device": "x"}, "device"),
        ({"device_clock": "noon"}, "device_clock"),
        ({"entries": [{"seq": 0}]}, "entries"),
        ({"entries": [{"payload": {"text": "x" * 30_000}}]}, "entries"),
    ],
)
def test_a_malformed_batch_is_refused_whole(city, wrong, field):
    client = caller(city.supervisor)
    body = batch(str(uuid4()), [entry(1)])
    if "entries" in wrong:
        wrong = {"entries": [{**entry(1), **wrong["entries"][0]}]}
    answer = client.post(URL, {**body, **wrong}, format="json")
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["fields"])
    assert not SyncEntry.objects.exists()


@pytest.mark.parametrize(
    "payload", [{}, {"lon": "east", "lat": 1}, {"case": "1", "action": "sign"}]
)
@pytest.mark.parametrize("kind", ["report", "step", "ask", "read", "dance"])
def test_nonsense_is_refused_and_the_next_goes_on(city, kind, payload):
    client, phone = caller(city.supervisor), str(uuid4())
    strange = {**entry(1), "kind": kind, "payload": payload}
    told = send(client, phone, [strange, entry(2)]).json()["entries"]
    expected = "applied" if kind == "read" else "refused"
    assert [row["state"] for row in told] == [expected, "applied"]


def test_discarding_what_is_done_changes_nothing(city):
    client, phone = caller(city.supervisor), str(uuid4())
    row = entry(1)
    send(client, phone, [row])
    device = Device.objects.get()
    services.drop(device=device, entry_id=row["id"], by=city.supervisor)
    assert SyncEntry.objects.get().state == "applied"


def test_the_bundle_has_what_is_needed_and_is_not_sent_twice(
    city, django_assert_max_num_queries
):
    for _number in range(4):
        case = factory.lead(city, "verifying")
    client = caller(city.supervisor)
    with django_assert_max_num_queries(40):
        answer = client.get("/api/v1/field/bundle")
    found = answer.json()
    assert {task["uid"] for task in found["tasks"]} >= {str(case.uid)}
    assert {step["action"] for step in found["tasks"][0]["steps"]} == {
        "verify_true",
        "verify_false",
    }
    assert any(
        row["code"] == CLASS for group in found["classes"] for row in group["classes"]
    )
    assert len(found["grids"]["features"]) == 4
    assert found["phrases"]["description"]
    again = client.get("/api/v1/field/bundle", HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304
