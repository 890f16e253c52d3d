"""Sending again by record, batch and time, after saying how much; and pausing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exchange.delivery import network
from exchange.delivery.models import Batch, Parcel, ProblemRecord
from exchange.delivery.services import enrolment
from platform_core.audit.models import AuditEntry
from platform_core.common import clock

from .conftest import order, peer, send


@pytest.fixture
def sent(city, shelf):
    """Two orders that the city has, in batches of their own."""
    made = [order(city)]
    send(city)
    made.append(order(city))
    send(city)
    return made


def again(client, city, **given):
    """First the preview, then the doing; what the city received after it."""
    url = reverse("operations:resend")
    before = len(city.received)
    preview = client.post(url, given)
    assert preview.status_code == 200
    assert len(city.received) == before
    answer = client.post(url, given | {"confirmed": "1"})
    assert answer.status_code == 302
    send(city)
    told = [payload for path, payload in city.received[before:] if path == "deliveries"]
    uids = [
        record["uid"]
        for payload in told
        for group in payload["groups"]
        for record in group["records"]
    ]
    return preview.content.decode(), uids


@pytest.mark.function("DX-19", at="operations:resend")
def test_a_record_goes_again_after_a_preview(client, operator, city, sent):
    text, uids = again(client, city, uid=str(sent[0].uid))
    assert "1 组" in text
    assert uids == [str(sent[0].uid)]
    assert AuditEntry.objects.filter(type="exchange.record_resent").count() == 1


@pytest.mark.function("DX-19", at="operations:resend")
def test_a_batch_goes_again(client, operator, city, sent):
    batch = Batch.objects.order_by("pk").last()
    _text, uids = again(client, city, uid=str(batch.uid))
    assert uids == [str(sent[1].uid)]


@pytest.mark.function("DX-19", at="operations:resend")
def test_a_stretch_of_time_goes_again(client, operator, city, sent):
    moment = timezone.localtime(clock.now())
    period = {
        "peer": str(peer(city).pk),
        "start": f"{moment - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "end": f"{moment + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    text, uids = again(client, city, **period)
    assert "2 组" in text
    assert set(uids) == {str(one.uid) for one in sent}
    url = reverse("operations:resend")
    other = client.post(url, period | {"interface": "exchange.node"})
    assert "confirmed" not in other.content.decode()


def test_what_is_needed_is_said_at_its_field(client, operator, city):
    url = reverse("operations:resend")
    answer = client.post(url, {})
    assert answer.status_code == 422
    assert answer.content.decode().count("is-invalid") >= 3
    backwards = {
        "peer": str(peer(city).pk),
        "start": "2026-11-20T10:00",
        "end": "2026-11-20T09:00",
    }
    assert client.post(url, backwards).status_code == 422


def test_a_problem_record_that_was_corrected_is_resolved(city, shelf):
    made = order(city)
    reason = {"uid": str(made.uid), "revision": 1, "code": "range", "field": "value"}
    answer = {"applied": 0, "unchanged": 0, "rejected": [reason | {"message": "no"}]}
    city.results = [[answer]]
    send(city)
    problem = ProblemRecord.objects.get()
    assert (problem.field, problem.message) == ("value", "no")


def test_pausing_stops_after_the_batch_under_way_and_loses_nothing(
    city, shelf, operator, monkeypatch
):
    """The peer is looked at before each batch, so pausing never waits for a queue."""
    order(city)
    order(city)
    Parcel.objects.update(alone=True)
    usual = network.begin

    def pausing(*request):
        enrolment.suspend(code=city.code, by=operator)
        return usual(*request)

    monkeypatch.setattr(network, "begin", pausing)
    assert send(city) == 1
    assert Parcel.objects.filter(state="queued").count() == 1
    monkeypatch.setattr(network, "begin", usual)
    assert send(city) == 0
    enrolment.resume(code=city.code, by=operator)
    assert send(city) == 1
    assert not Parcel.objects.filter(state="queued").exists()


def test_who_may_only_look_cannot_send_again(client, clerk):
    client.force_login(clerk)
    assert client.get(reverse("operations:resend")).status_code == 403
