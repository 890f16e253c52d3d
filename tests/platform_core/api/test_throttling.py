"""Calls are counted across processes; two sets of bookings stand for two."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from platform_core.api.throttling import AnonymousThrottle, Counted


@pytest.fixture(autouse=True)
def nothing_booked(monkeypatch):
    monkeypatch.setattr(Counted, "booked", {})


def allowed(rate, calls, address="10.0.0.1"):
    """How many of so many calls are let pass."""
    throttle = type("Throttle", (AnonymousThrottle,), {"rate": rate})()
    request = Request(APIRequestFactory().get("/", REMOTE_ADDR=address))
    request.user = AnonymousUser()
    return sum(throttle.allow_request(request, None) for _ in range(calls))


def test_no_more_calls_than_the_rate():
    assert allowed("5/min", 8) == 5
    assert allowed("5/min", 1) == 0
    assert allowed("5/min", 1, address="10.0.0.2") == 1


def test_a_large_rate_is_booked_in_portions(monkeypatch):
    asked = []
    count = Counted._count
    monkeypatch.setattr(
        Counted, "_count", lambda *given: asked.append(given) or count(*given)
    )
    assert allowed("250/min", 240) == 240
    assert len(asked) == 120
    assert allowed("250/min", 20) == 10


def test_processes_share_the_rate(monkeypatch):
    assert allowed("300/min", 299) == 299
    monkeypatch.setattr(Counted, "booked", {})  # another process
    assert allowed("300/min", 5) == 0


def test_the_count_begins_again_when_the_time_is_over():
    assert allowed("5/min", 8) == 5
    cache.clear()
    assert allowed("5/min", 8) == 5
