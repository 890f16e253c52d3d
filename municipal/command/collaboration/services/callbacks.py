"""Tell other systems how their cases go: at least once, signed, logged."""

import hashlib
import hmac
import json
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from municipal.command.collaboration import outbound
from municipal.command.collaboration.enums import DeliveryState
from municipal.command.collaboration.models import (
    Callback,
    DispatchSystem,
    PushedCase,
    SystemMapping,
)
from municipal.command.listeners import Happened
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.snapshots import Snapshot

# Minutes until the next attempt; after the last one it is given up.
WAITS = (1, 5, 15, 60, 180, 360, 720, 1440)
BATCH = 200
CLAIM = timedelta(minutes=2)
_systems = Snapshot("collaboration.listening_systems")


def mapping_of(pushed: PushedCase) -> SystemMapping | None:
    """The mapping in force of the system a case came from."""
    return pushed.system.mappings.order_by("-version").first()


def watch() -> None:
    """Have it remembered anew who listens when a system changes."""
    _systems.watch(DispatchSystem)


def _anybody_listens() -> bool:
    return DispatchSystem.objects.exclude(callback_url="").exists()


def follow(happened: Happened) -> None:
    """Note what the system of a pushed case has to be told."""
    if not _systems.get("any", _anybody_listens):
        return
    pushed = (
        PushedCase.objects.filter(case=happened.case).select_related("system").first()
    )
    if pushed is None or happened.from_state == happened.case.state:
        return
    if not pushed.system.callback_url:
        return
    made = Callback.objects.create(
        pushed=pushed, payload=payload(pushed, happened), next_at=clock.now()
    )
    transaction.on_commit(lambda: _send(made.pk))


def payload(pushed: PushedCase, happened: Happened) -> dict[str, object]:
    """What is told: numbers, state in both words, what was said, when."""
    case, found = happened.case, mapping_of(pushed)
    states = found.states if found else {}
    return {
        "number": pushed.their_number,
        "case_number": case.number,
        "state": states.get(case.state, case.state),
        "case_state": case.state,
        "action": happened.action,
        "note": happened.step.note,
        "unit": str(case.handling_unit or ""),
        "at": happened.at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }


def _send(pk: int) -> None:
    from municipal.command.collaboration import tasks  # noqa: PLC0415  calls this

    tasks.deliver.delay(pk)


def deliver(pk: int) -> bool:
    """Try to deliver one callback; whether it was taken. Never two at once."""
    now = clock.now()
    due = Callback.objects.filter(pk=pk, state=DeliveryState.WAITING, next_at__lte=now)
    if not due.update(next_at=now + CLAIM):
        return False
    row = Callback.objects.select_related("pushed__system").get(pk=pk)
    system = row.pushed.system
    body = json.dumps(row.payload, ensure_ascii=False).encode()
    headers = {
        "X-Delivery": str(row.uid),
        "X-Signature": sign(system.callback_secret, body),
    }
    try:
        answer = outbound.post(
            system.callback_url, body, headers, allow_private=system.allow_private
        )
    except DomainError as error:
        return _note(
            row, None, str(error.message), hopeless=error.code == "private_address"
        )
    if answer.taken:
        return _taken(row, answer)
    return _note(row, answer.status, answer.text)


def sign(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of the body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _taken(row: Callback, answer: outbound.Answer) -> bool:
    row.state, row.sent_at, row.next_at = DeliveryState.SENT, clock.now(), None
    row.status, row.answer = answer.status, answer.text
    row.attempts += 1
    row.save()
    return True


def _note(
    row: Callback, status: int | None, text: str, *, hopeless: bool = False
) -> bool:
    row.attempts += 1
    row.status, row.answer = status, text[:500]
    if hopeless or row.attempts > len(WAITS):
        row.state, row.next_at = DeliveryState.FAILED, None
    else:
        row.next_at = clock.now() + timedelta(minutes=WAITS[row.attempts - 1])
    row.save()
    return False


def sweep() -> int:
    """Send what is due again; how many were taken."""
    due = Callback.objects.filter(
        state=DeliveryState.WAITING, next_at__lte=clock.now()
    ).order_by("next_at")
    return sum(deliver(pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def resend(*, callback: Callback, by: User) -> Callback:
    """Try a callback again from the beginning."""
    row = Callback.objects.select_for_update().get(pk=callback.pk)
    if row.state == DeliveryState.SENT:
        raise Conflict(_("This was taken already."))
    row.state, row.attempts, row.next_at = DeliveryState.WAITING, 0, clock.now()
    row.save()
    audit.record("system.resent", row, by=by)
    transaction.on_commit(lambda: _send(row.pk))
    return row
