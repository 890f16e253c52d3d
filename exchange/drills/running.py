"""Playing a drill: records go all the time, second by second somebody looks."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from exchange.delivery import network, selectors
from exchange.delivery.enums import PeerState
from exchange.delivery.models import Peer
from exchange.reconciliation.services import comparing
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.ids import uuid7
from platform_core.common.models import own_node

from . import services
from .enums import INTERFACE, Phase
from .models import DrillRecord
from .selectors import Delays, delays, doubled, undelivered

# After a fault at home the last of what waited is gone after so many seconds.
CATCH_UP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played, in seconds and records a second."""

    scenario: str
    peer: Peer
    others: tuple[Peer, ...] = ()
    quiet: int = 5
    seconds: int = 20
    a_second: int = 5
    patience: int = 120
    delay: float = 10.0
    listen: str = "127.0.0.1"
    at_home: bool = False

    @property
    def receivers(self) -> list[str]:
        return [self.peer.code, *[peer.code for peer in self.others]]


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the connection to the peer."""

    second: int
    phase: str
    light: str
    pending: int
    lag: float
    failures: int
    sent: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation, what was found, and whether it held."""

    expected: str
    found: str
    held: bool


@dataclass
class Drill:
    """A drill that is being played, and what it saw."""

    plan: Plan
    say: Callable[[str], None]
    run: UUID = field(default_factory=uuid7)
    sent: int = 0
    begun: float = field(default_factory=time.monotonic)
    timeline: list[Sample] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    fault_at: datetime = field(default_factory=now)
    drained_after: float | None = None
    stopped: bool = False

    def play(self, fault: Callable[["Drill"], AbstractContextManager[None]]) -> None:
        """Before, during, after; Ctrl-C ends it, and what was changed is put back."""
        try:
            self.phase(Phase.BEFORE, self.plan.quiet)
            self.fault_at = now()
            with fault(self):
                self.phase(Phase.FAULT, self.plan.seconds)
            self.recover()
        except KeyboardInterrupt:
            self.stopped = True

    def phase(self, phase: Phase, seconds: int) -> None:
        for _second in range(seconds):
            self.tick(phase)

    def tick(self, phase: Phase) -> None:
        """One second: some records, one look."""
        begun = time.monotonic()
        services.send(
            run=self.run,
            number=self.sent,
            receivers=self.plan.receivers,
            many=self.plan.a_second,
        )
        self.sent += self.plan.a_second
        self.look(phase)
        time.sleep(max(0.0, begun + 1 - time.monotonic()))

    def look(self, phase: Phase) -> None:
        """Note how the connection is, and say it."""
        health = selectors.health(self.plan.peer)
        sample = Sample(
            second=round(time.monotonic() - self.begun),
            phase=str(phase),
            light=health.light,
            pending=health.pending,
            lag=round(health.lag or 0.0, 1),
            failures=health.peer.failures,
            sent=self.sent,
        )
        self.timeline.append(sample)
        self.say(
            f"{sample.second:>4} s  {phase.label}  {health.light:<6}"
            f" {_('waiting')}: {sample.pending}  {_('failures')}: {sample.failures}"
        )

    def recover(self) -> None:
        """Wait until the records of this drill have arrived, without a hand in it."""
        begun = time.monotonic()
        while time.monotonic() - begun < self.plan.patience:
            if not undelivered(self.run, self.plan.receivers):
                self.drained_after = round(time.monotonic() - begun, 1)
                return
            self.look(Phase.AFTER)
            time.sleep(1)

    def expect(self, expected: str, found: object, held: bool) -> None:
        self.verdicts.append(Verdict(expected, str(found), held))

    def judge(self) -> None:
        """What every outage must leave behind: nothing lost, nothing twice."""
        lost = undelivered(self.run, [self.plan.peer.code])
        self.expect(_("No record is lost"), _("%(n)s lost") % {"n": lost}, lost == 0)
        twice = doubled(self.run)
        self.expect(
            _("No record is applied twice"), _("%(n)s twice") % {"n": twice}, not twice
        )
        equal = self._equal()
        self.expect(
            _("Both ends give the same digest"), _("equal") if equal else "≠", equal
        )
        took = self.drained_after
        self.expect(
            _("The queue drains by itself within %(n)s s") % {"n": self.plan.patience},
            "–" if took is None else _("%(n)s s") % {"n": took},
            took is not None,
        )
        self.judge_others()

    def _equal(self) -> bool:
        try:
            made = comparing.compare(self.plan.peer, INTERFACE, own_node())
        except DomainError:
            return False
        return made.equal

    def judge_others(self) -> None:
        """The outage of one peer is no affair of the others; one at home soon ends."""
        expected = _("%(peer)s is served as before (95 %% within %(n).1f s)")
        if self.plan.at_home:
            expected = _("%(peer)s has caught up (95 %% within %(n).1f s)")
        for peer in self.plan.others:
            times = delays(self.run, peer.code)
            limit = self._limit(times.p95(self._before))
            found = times.p95(self._fault)
            self.expect(
                expected % {"peer": peer.code, "n": limit},
                _("%(n)s s") % {"n": round(found, 1)},
                found <= limit,
            )

    def _limit(self, before: float) -> float:
        """Seconds that a record for another peer may take during the fault."""
        if self.plan.at_home:
            return before + self.plan.seconds + CATCH_UP_SECONDS
        return max(1.2 * before, before + 1)

    @property
    def _before(self) -> range:
        return range(self.plan.quiet * self.plan.a_second)

    @property
    def _fault(self) -> range:
        return range(self._before.stop, self.sent)

    @property
    def times(self) -> Delays:
        """How long the records for the peer took."""
        return delays(self.run, self.plan.peer.code)

    @property
    def fault_times(self) -> list[float]:
        return self.times.within(self._fault)

    @property
    def before_times(self) -> list[float]:
        return self.times.within(self._before)

    @property
    def worst_failures(self) -> int:
        return max((one.failures for one in self.timeline), default=0)

    @property
    def passed(self) -> bool:
        return not self.stopped and all(one.held for one in self.verdicts)

    @property
    def result(self) -> str:
        """Stopped, passed or failed."""
        if self.stopped:
            return "stopped"
        return "passed" if self.passed else "failed"

    def records(self) -> int:
        return DrillRecord.objects.filter(run=self.run, origin=own_node()).count()


def able_peers(code: str = "") -> Iterator[Peer]:
    """Connected peers that know drill records; perhaps only the one named."""
    found = Peer.objects.filter(state=PeerState.ENABLED).exclude(url="")
    for peer in found.filter(code=code) if code else found:
        if knows_drills(peer):
            yield peer


def knows_drills(peer: Peer) -> bool:
    """Does the peer list the interface of drill records?"""
    try:
        answer = network.call(peer.url, "GET", "interfaces")
        return any(one["code"] == INTERFACE for one in answer.json())
    except (DomainError, ValueError, KeyError, TypeError):
        return False
