"""Testing a connection: the way there, the clocks, the signature, an echo."""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.delivery import network
from exchange.delivery.enums import WINDOW_SECONDS, PeerState
from exchange.delivery.models import LineTest, Peer
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now, read_moment
from platform_core.common.errors import DomainError

from . import states


@dataclass
class Found:
    """What the steps found so far."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    latency: int | None = None
    skew: float | None = None

    def note(self, name: object, ok: bool, note: object = "") -> bool:
        self.steps.append({"name": str(name), "ok": ok, "note": str(note)[:300]})
        return ok

    @property
    def passed(self) -> bool:
        return bool(self.steps) and all(step["ok"] for step in self.steps)


def probe(*, peer: Peer, enable: bool = False, by: Actor = None) -> LineTest:
    """Call the peer step by step; a failed step ends the test.

    `enable` takes a connection that is being tested into use when all went well.
    """
    found = Found()
    _run(peer, found)
    with transaction.atomic():
        made = LineTest.objects.create(
            peer=peer,
            by_id=by.pk if by is not None else None,
            passed=found.passed,
            latency=found.latency,
            skew=found.skew,
            steps=found.steps,
        )
        data = {"passed": made.passed, "latency": made.latency, "skew": made.skew}
        audit.record("exchange.peer_tested", peer, by=by, data=data)
        if enable and made.passed and peer.state == PeerState.TESTING:
            states.move(code=peer.code, state=PeerState.ENABLED, by=by)
    return made


def _run(peer: Peer, found: Found) -> None:
    try:
        if _reached(peer, found) and _signed(peer, found):
            _echoed(peer, found)
    except DomainError as error:
        found.note(_("The platform answers"), False, error.message)


def _reached(peer: Peer, found: Found) -> bool:
    """`GET health`: the right platform, how fast, and what its clock says."""
    if not peer.url:
        return found.note(_("The platform answers"), False, _("No address is known."))
    begun = time.monotonic()
    answer = network.call(peer.url, "GET", "health")
    found.latency = int((time.monotonic() - begun) * 1000)
    told = _json(answer)
    name = _("The platform answers")
    if answer.status_code != 200 or not isinstance(told, dict):
        return found.note(name, False, answer.status_code)
    if told.get("node") != peer.code:
        other = _("%(code)s answers there.") % {"code": told.get("node")}
        return found.note(name, False, other)
    found.note(name, True, _("%(count)s ms") % {"count": found.latency})
    return _clocks(told.get("time"), found)


def _clocks(told: object, found: Found) -> bool:
    name = _("The clocks agree")
    moment = read_moment(told)
    if moment is None:
        return found.note(name, False, _("The answer is none of the protocol."))
    found.skew = round((moment - now()).total_seconds(), 1)
    fits = abs(found.skew) <= WINDOW_SECONDS
    return found.note(name, fits, _("%(count)s s") % {"count": found.skew})


def _signed(peer: Peer, found: Found) -> bool:
    """`GET interfaces` under our signature."""
    answer = network.call(peer.url, "GET", "interfaces")
    name = _("Our signature is accepted")
    if answer.status_code == 200:
        return found.note(name, True)
    return found.note(name, False, f"{answer.status_code} {answer.text[:200]}")


def _echoed(peer: Peer, found: Found) -> bool:
    """A delivery without records: the peer answers with the batch it was given."""
    batch = str(uuid4())
    payload = {"batch": batch, "receiver": peer.code, "groups": []}
    answer = network.call(peer.url, "POST", "deliveries", payload)
    told = _json(answer)
    fits = answer.status_code == 200 and told == {"batch": batch, "results": []}
    note = "" if fits else f"{answer.status_code} {answer.text[:200]}"
    return found.note(_("An empty delivery is echoed"), fits, note)


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
