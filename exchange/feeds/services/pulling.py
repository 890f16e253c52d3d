"""Fetching what this platform subscribed to; exactly once in effect."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from exchange.delivery import network
from exchange.delivery.enums import MAX_RECORDS, REFERENCE_RETRIES, PeerState
from exchange.delivery.hooks import Called, Load
from exchange.delivery.services import receiving, reporting
from exchange.delivery.services.line import pause_after
from exchange.delivery.texts import broken
from exchange.feeds.enums import MAX_ANSWER, Mode, State
from exchange.feeds.models import Application
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError, PeerUnavailable
from platform_core.common.ids import uuid7

LEASE = timedelta(seconds=120)
LONGEST = 2_000
# A smaller page is applied before a second request would have begun.
WORTH_WHILE = 50_000


class Again(DomainError):
    """The page cannot be taken in yet; nothing of it was kept."""

    def __init__(self, message: object, *, wait: int | None = None) -> None:
        super().__init__(message, code="busy")
        self.wait = wait


def due() -> list[int]:
    """Own pull subscriptions to look after now; each has a queue of its own."""
    moment = now()
    active = Application.objects.filter(
        state=State.ACTIVE,
        mode=Mode.PULL,
        next_try_at__lte=moment,
        lease_until__lte=moment,
        peer__state__in=(PeerState.TESTING, PeerState.ENABLED),
    )
    return list(active.exclude(peer__url="").values_list("pk", flat=True))


def pull(application_id: int) -> int:
    """Fetch page after page until there is no more; returns the pages."""
    token = uuid4()
    free = Application.objects.filter(pk=application_id, lease_until__lte=now())
    if not free.update(lease_until=now() + LEASE, lease_token=token):
        return 0
    mine = Application.objects.filter(pk=application_id, lease_token=token)
    pages, ahead = 0, Ahead()
    try:
        while mine.update(lease_until=now() + LEASE) and _step(application_id, ahead):
            pages += 1
    finally:
        mine.update(lease_until=now(), lease_token=None)
    return pages


@dataclass
class Ahead:
    """The next page, asked for while the one before it is applied."""

    path: str = ""
    answer: network.Pending | None = None

    def ask(self, row: Application, page: dict[str, Any]) -> None:
        """Ask for what comes after a page, where the wait is worth it."""
        if page.get("has_more") and page["size"] >= WORTH_WHILE:
            self.path = _path(row, page["next_cursor"])
            self.answer = network.begin(row.peer.url, "GET", self.path)

    def take(self, path: str) -> httpx.Response | None:
        """What was asked for, if it was this and an answer came."""
        found, self.answer = self.answer, None
        if found is None or path != self.path:
            return None
        answer = found.result()
        return answer if answer.status_code == 200 else None


def _step(application_id: int, ahead: Ahead) -> bool:
    """One page; True if there is more to fetch at once."""
    row = Application.objects.select_related("peer").get(pk=application_id)
    if not row.in_force(now()) or not row.peer.speaks:
        return False
    try:
        page = _timed(row, ahead)
        ahead.ask(row, page)
        return _take(row, page)
    except DomainError as error:
        _failed(row, error)
        return False


def _timed(row: Application, ahead: Ahead) -> dict[str, Any]:
    """Fetch a page; how long it took goes with it."""
    begun = time.monotonic()
    try:
        return _fetch(row, ahead)
    except DomainError:
        took = int((time.monotonic() - begun) * 1000)
        load = Load(row.interface)
        reporting.tell(Called(row.peer, False, False, took, [load]))
        raise


def _path(row: Application, cursor: str) -> str:
    path = f"interfaces/{quote(row.interface, safe='')}/changes?limit={MAX_RECORDS}"
    return f"{path}&cursor={quote(cursor, safe='')}" if cursor else path


def _fetch(row: Application, ahead: Ahead) -> dict[str, Any]:
    path = _path(row, row.cursor)
    answer = ahead.take(path) or network.call(row.peer.url, "GET", path)
    if answer.status_code != 200 or len(answer.content) > MAX_ANSWER:
        text = f"{answer.status_code} {answer.text[:200]}"
        raise PeerUnavailable(text)
    try:
        page = answer.json()
        proper = isinstance(page["records"], list) and _is_cursor(page["next_cursor"])
    except (ValueError, KeyError, TypeError, RecursionError):
        proper = False
    if not proper or not all(isinstance(one, dict) for one in page["records"]):
        raise PeerUnavailable(_("The answer is none of the protocol."))
    took = int(answer.elapsed.total_seconds() * 1000)
    found: dict[str, Any] = page | {"size": len(answer.content), "took": took}
    return found


def _is_cursor(value: object) -> bool:
    """A cursor is opaque, but it has to be kept as it is."""
    return isinstance(value, str) and len(value) <= LONGEST and not broken(value)


@transaction.atomic
def _take(row: Application, page: dict[str, Any]) -> bool:
    """Apply a page and move the cursor, both or neither."""
    rows = Application.objects.select_for_update(of=("self",))
    held = rows.filter(pk=row.pk, cursor=row.cursor).first()
    if held is None:
        return False
    _check(row, page["records"])
    results = receiving.take(row.peer, uuid7(), page["records"])
    _wait_for(held, results)
    loads = reporting.taken(page["records"], results, page["size"], row.created_at)
    reporting.tell(Called(row.peer, False, True, page["took"], loads))
    more, cursor = bool(page.get("has_more")), page["next_cursor"]
    stuck = cursor == row.cursor
    count = sum(one["applied"] + one["unchanged"] for one in results)
    Application.objects.filter(pk=row.pk).update(
        cursor=cursor,
        pulled=F("pulled") + count,
        pulled_at=now(),
        failures=0,
        retries=0,
        error="",
        next_try_at=now(),
    )
    return more and not stuck


def _check(row: Application, groups: list[dict[str, Any]]) -> None:
    """Only what was asked for."""
    for group in groups:
        if group.get("interface") != row.interface:
            raise PeerUnavailable(_("The answer is about another interface."))


def _wait_for(row: Application, results: list[dict[str, Any]]) -> None:
    """Leave the page for later where something it needs is still on its way."""
    if any(one.get("retry") for one in results):
        raise Again(_("The records cannot be checked yet."))
    missing = any(
        rejected["code"] == "reference_missing"
        for one in results
        for rejected in one["rejected"]
    )
    if missing and row.retries < len(REFERENCE_RETRIES):
        wait = REFERENCE_RETRIES[row.retries]
        raise Again(_("Something the records refer to is not here yet."), wait=wait)


def _failed(row: Application, error: DomainError) -> None:
    """Try again later, ever more slowly; the other peers do not notice."""
    waits = isinstance(error, Again) and error.wait
    pause = waits or pause_after(row.failures + 1)
    Application.objects.filter(pk=row.pk).update(
        failures=F("failures") + (0 if waits else 1),
        retries=F("retries") + (1 if waits else 0),
        error=str(error.message)[:300],
        next_try_at=now() + timedelta(seconds=pause),
    )


@transaction.atomic
def read_again(*, application: Application, by: Actor) -> None:
    """Begin from the start; what is here already is answered as unchanged."""
    Application.objects.filter(pk=application.pk).update(cursor="", next_try_at=now())
    audit.record("exchange.application_read_again", application, by=by)
