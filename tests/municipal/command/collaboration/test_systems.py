"""Other dispatch systems: registered, mapped, pushing, told, kept in bounds."""

import json

import httpx
import pytest
from django.urls import reverse

from municipal.command.collaboration import outbound
from municipal.command.collaboration.models import (
    Callback,
    DispatchSystem,
    PushedCase,
)
from municipal.command.collaboration.services import callbacks, systems
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.common.errors import DomainError, PeerUnavailable
from tests.factories.command import CLASS, LAT, LON, STEP, act

PUSH = "/api/v1/external/cases"


@pytest.fixture
def system(city, admin):
    made = DispatchSystem(
        code="hotline",
        name="12345热线平台",
        kind="hotline",
        source_id="03",
        callback_url="https://hotline.example/back",
    )
    made.token = systems.register(system=made, by=admin)
    systems.map_words(
        system=made,
        classes={"LJ01": f"matter:{CLASS}"},
        states={"pending_accept": "已接收", "pending_filing": "已受理"},
        by=admin,
    )
    return made


def push(client, system, **change):
    body = {
        "number": "GD-1",
        "class": "LJ01",
        "description": "垃圾堆放",
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
        **change,
    }
    return client.post(
        PUSH,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"System {system.token}"},
    )


@pytest.fixture
def outside(monkeypatch):
    """What the other system answers; its name leads to a public address."""
    told, answers = [], []

    def send(target, body, headers, host):
        told.append((target, json.loads(body), headers, host))
        status = answers.pop(0) if answers else 200
        if status == 0:
            raise httpx.ConnectError("nobody there")
        return httpx.Response(status, text="ok")

    found = [(2, 1, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *a, **k: found)
    monkeypatch.setattr(outbound, "_send", send)
    return told, answers


@pytest.mark.function(
    "CC-29", at=["collaboration_api:push", "collaboration:system-list"]
)
def test_a_system_pushes_asks_and_is_told(client, city, system, outside):
    told, _answers = outside
    answer = push(client, system)
    assert answer.status_code == 201
    case = Case.objects.get(number=answer.json()["case_number"])
    assert (case.class_code, case.source_id) == (CLASS, "03")
    again = push(client, system, description="又推一次")
    assert (again.status_code, Case.objects.count()) == (200, 1)
    url = reverse("collaboration_api:pushed", args=["GD-1"])
    auth = {"Authorization": f"System {system.token}"}
    assert client.get(url, headers=auth).json()["state"] == "已接收"
    act(city, case, "accept", by="acceptor")
    row = Callback.objects.get()
    assert callbacks.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sent", 1)
    target, body, headers, host = told[0]
    assert (body["number"], body["state"]) == ("GD-1", "已受理")
    assert (host, target) == ("hotline.example", "https://93.184.216.34:443/back")
    assert headers["X-Signature"] == callbacks.sign(
        system.callback_secret, json.dumps(row.payload, ensure_ascii=False).encode()
    )
    assert not callbacks.deliver(row.pk)


def test_without_a_right_token_nothing_is_taken(client, city, system, admin):
    wrong = DispatchSystem(code="x")
    wrong.token = "wrong"
    assert push(client, wrong).status_code == 401
    assert client.post(PUSH, {}).status_code == 401
    new = systems.new_token(system=system, by=admin)
    assert push(client, system).status_code == 401
    system.token = new
    assert push(client, system).status_code == 201
    system.is_active = False
    systems.change(system=system, by=admin)
    assert push(client, system, number="GD-2").status_code == 401


def test_a_wrong_push_says_what_is_wrong(client, city, system):
    bad = push(client, system, **{"class": "unknown"})
    assert bad.status_code == 400
    assert "class_code" in bad.json()["fields"]
    assert push(client, system, lon=999).status_code == 400
    assert push(client, system, number="").status_code == 400
    assert not PushedCase.objects.exists()


def test_a_system_sees_only_its_own_cases(client, city, system, admin):
    push(client, system)
    other = DispatchSystem(code="police", name="公安", kind="police", source_id="03")
    token = systems.register(system=other, by=admin)
    url = reverse("collaboration_api:pushed", args=["GD-1"])
    headers = {"Authorization": f"System {token}"}
    assert client.get(url, headers=headers).status_code == 404


def test_failed_deliveries_are_tried_again_and_given_up(client, city, system, outside):
    _told, answers = outside
    push(client, system)
    case = Case.objects.get()
    act(city, case, "accept", by="acceptor")
    row = Callback.objects.get()
    answers += [500] * (len(callbacks.WAITS) + 1)
    for attempt in range(1, len(callbacks.WAITS) + 2):
        assert callbacks.sweep() == 0
        row.refresh_from_db()
        assert (row.attempts, row.status) == (attempt, 500)
        Callback.objects.filter(next_at__isnull=False).update(next_at=clock.now())
    assert row.state == "failed"
    callbacks.resend(callback=row, by=city.dispatcher)
    assert callbacks.sweep() == 1
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_passing_fault_is_overcome_at_once(outside):
    told, answers = outside
    answers += [0, 0]
    answer = outbound.post("https://a.example/x", b"{}", {}, allow_private=False)
    assert answer.taken
    assert len(told) == 3


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"],
)
def test_private_addresses_are_not_called(
    client, city, system, outside, monkeypatch, address
):
    told, _answers = outside
    found = [
        (2, 1, 6, "", ("93.184.216.34", 443)),
        (2, 1, 6, "", (address, 443)),
    ]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *a, **k: found)
    push(client, system)
    act(city, Case.objects.get(), "accept", by="acceptor")
    row = Callback.objects.get()
    assert not callbacks.deliver(row.pk)
    row.refresh_from_db()
    assert (row.state, told) == ("failed", [])
    DispatchSystem.objects.update(allow_private=True)
    callbacks.resend(callback=row, by=city.dispatcher)
    assert callbacks.deliver(row.pk)


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "file:///etc/passwd", "https://u:p@a.example/", "x"]
)
def test_odd_addresses_are_refused(url):
    with pytest.raises(DomainError):
        outbound.check_url(url)


def test_a_name_that_leads_nowhere_is_tried_later(monkeypatch):
    def nowhere(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(outbound.socket, "getaddrinfo", nowhere)
    with pytest.raises(PeerUnavailable):
        outbound.post("https://a.example/", b"", {}, allow_private=False)


@pytest.mark.function(
    "CC-29", at=["collaboration:callback-list", "collaboration:system-detail"]
)
def test_pages_of_systems(client, city, admin, system, outside):
    push(client, system)
    act(city, Case.objects.get(), "accept", by="acceptor")
    client.force_login(admin)
    add = reverse("collaboration:system-add")
    given = {"code": "grid", "name": "网格平台", "kind": "grid", "source": "03"}
    page = client.post(add, given | {"is_active": "on"}).content.decode()
    made = DispatchSystem.objects.get(code="grid")
    assert made.callback_secret in page
    wrong = given | {"code": "grid2", "callback_url": "ftp://x"}
    assert client.post(add, wrong).status_code == 422
    url = reverse("collaboration:system-map", args=[made.pk])
    assert client.post(url, {"classes": "A = matter:99999"}).status_code == 422
    assert client.post(url, {"classes": "nonsense"}).status_code == 422
    good = {"classes": f"A = matter:{CLASS}", "states": "closed = 办结"}
    assert client.post(url, good).status_code == 302
    text = client.get(made.get_absolute_url()).content.decode()
    assert "办结" in text
    assert client.get(reverse("collaboration:system-list")).status_code == 200
    row = Callback.objects.get()
    listing = client.get(reverse("collaboration:callback-list")).content.decode()
    assert "GD-1" in listing
    detail = client.get(reverse("collaboration:callback", args=[row.pk]))
    assert "已受理" in detail.content.decode()
    client.post(reverse("collaboration:callback-resend", args=[row.pk]))
    row.refresh_from_db()
    assert row.attempts == 0
    client.force_login(city.dispatcher)
    assert client.get(reverse("collaboration:callback-list")).status_code == 403
