"""The outages that can be played: each changes something and puts it back.

What a scenario changes ends by itself soon after its time, even when the drill is
killed: a detour has an end, a paused broker wakes up, a lock goes with its connection.
"""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery import guard, network
from exchange.delivery.models import Call, Peer, ProblemRecord
from exchange.delivery.services import detours
from platform_core.common import clock
from platform_core.common.errors import DomainError

from . import services
from .enums import SLACK_SECONDS, Phase
from .forwarder import closed_port, forwarding
from .running import Drill

# Seconds by which the clock is put wrong, and whether that is refused.
SKEWS = {-900: True, -310: True, -60: False, 60: False, 310: True, 900: True}
# How long the database file is locked at a time.
HOLD_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """An outage: what it does, for the report, and how."""

    title: str | Promise
    text: str | Promise
    fault: Callable[[Drill], AbstractContextManager[None]]
    # The fault is at home: the connections to all peers feel it.
    at_home: bool = False


@contextlib.contextmanager
def _led(drill: Drill, address: tuple[str, int]) -> Iterator[None]:
    """Calls to the peer go to another address while the block runs."""
    seconds = drill.plan.seconds + SLACK_SECONDS
    host, port = address
    detours.lead(peer=drill.plan.peer, host=host, port=port, seconds=seconds)
    try:
        yield
    finally:
        detours.end(peer=drill.plan.peer)


@contextlib.contextmanager
def peer_down(drill: Drill) -> Iterator[None]:
    """Nobody answers at the peer's address."""
    with _led(drill, closed_port(drill.plan.listen)):
        yield
        _felt(drill)


def _felt(drill: Drill) -> None:
    """Was a delivery tried in vain? A busy worker may come to it late."""
    calls = Call.objects.filter(peer=drill.plan.peer, ok=False, at__gte=drill.fault_at)
    felt = _wait(calls.exists, SLACK_SECONDS - 5)
    drill.look(Phase.FAULT)
    drill.expect(
        _("The outage is noticed and tried again"),
        _("%(n)s failures in a row") % {"n": drill.worst_failures},
        felt,
    )


@contextlib.contextmanager
def slow_peer(drill: Drill) -> Iterator[None]:
    """The peer answers, but late."""
    plan = drill.plan
    target = _address_of(plan.peer)
    relay = forwarding(target, delay=plan.delay, listen=plan.listen)
    with relay as address, _led(drill, address):
        yield
    slowest = max((sample.lag for sample in drill.timeline), default=0.0)
    drill.notes.append(_("Longest wait of a record: %(n)s s") % {"n": slowest})


def _address_of(peer: Peer) -> tuple[str, int]:
    """Where the peer is; a private address only where that is allowed."""
    parts = urlsplit(peer.url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if network.may_be_private(peer.url):
        return host, port
    return guard.resolve(host, port)[0], port


@contextlib.contextmanager
def broker_lost(drill: Drill) -> Iterator[None]:
    """Connections to the broker are cut and it takes nothing for a while."""
    if not settings.REDIS_URL:
        text = _("This platform works without a broker that could be lost.")
        raise DomainError(text, code="invalid")
    server = redis.Redis.from_url(settings.REDIS_URL)
    cut = server.client_kill_filter(_type="normal", skipme=True)
    # Only what writes waits, so that the pause can be ended before its time.
    server.client_pause(drill.plan.seconds * 1000, all=False)
    drill.notes.append(_("Connections cut: %(n)s") % {"n": cut})
    try:
        yield
    finally:
        server.client_unpause()
        server.close()


@contextlib.contextmanager
def database_restarted(drill: Drill) -> Iterator[None]:
    """What a restart of the database does to everybody who uses it."""
    if connection.vendor == "postgresql":
        cut = _cut_connections()
        yield
        cut += _cut_connections()
        drill.notes.append(_("Connections cut: %(n)s") % {"n": cut})
        return
    drill.notes.append(
        _("The database is a file: it was locked for %(n)s s at a time.")
        % {"n": HOLD_SECONDS}
    )
    ended = threading.Event()
    holder = threading.Thread(target=_hold_lock, args=(ended,), daemon=True)
    holder.start()
    try:
        yield
    finally:
        ended.set()
        holder.join(HOLD_SECONDS + 20)


def _cut_connections() -> int:
    """End all connections to the own database but this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND usename = current_user"
        )
        return int(cursor.fetchone()[0])


def _hold_lock(ended: threading.Event) -> None:
    name = str(connection.settings_dict["NAME"])
    while not ended.is_set():
        with (
            contextlib.closing(sqlite3.connect(name, timeout=20)) as database,
            contextlib.suppress(sqlite3.OperationalError),
        ):
            database.execute("BEGIN IMMEDIATE")
            ended.wait(HOLD_SECONDS)
            database.rollback()
        ended.wait(0.2)


@contextlib.contextmanager
def poison_record(drill: Drill) -> Iterator[None]:
    """A record that the peer must refuse, amid good ones; then its correction."""
    plan, number = drill.plan, 2_000_000_000
    record = services.send_poison(run=drill.run, number=number, receiver=plan.peer.code)
    yield
    problems = ProblemRecord.objects.filter(peer=plan.peer, uid=record.uid)
    _wait(problems.exists, plan.patience)
    found = problems.values_list("code", "message").first()
    drill.expect(
        _("The poison record is set aside with its reason"),
        ": ".join(found) if found else "–",
        found is not None,
    )
    arrived = len(drill.fault_times)
    drill.expect(
        _("The records behind it go on"),
        _("%(n)s arrived") % {"n": arrived},
        arrived > 0,
    )
    services.correct(record=record)
    solved = _wait(problems.filter(state="resolved").exists, plan.patience)
    drill.expect(
        _("The corrected revision goes through"),
        _("resolved") if solved else "–",
        solved,
    )


def _wait(condition: Callable[[], bool], patience: float) -> bool:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@contextlib.contextmanager
def clock_skew(drill: Drill) -> Iterator[None]:
    """Signed requests whose time is wrong, beside the usual ones."""
    for seconds, refused in SKEWS.items():
        code = _greet(drill.plan.peer, seconds)
        wanted = "expired" if refused else "204"
        drill.expect(
            _("A clock that is %(n)+d s off is answered %(code)s")
            % {"n": seconds, "code": wanted},
            code,
            code == wanted,
        )
    yield


def _greet(peer: Peer, skew: int) -> str:
    """A sign of life with a clock put wrong; the code or status of the answer."""
    sent_at = clock.now().isoformat()
    with clock.at(clock.now() + timedelta(seconds=skew)):
        answer = network.call(peer.url, "POST", "heartbeats", {"sent_at": sent_at})
    if answer.status_code == 204:
        return "204"
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)


SCENARIOS = {
    "peer-down": Scenario(
        gettext_lazy("Peer down"),
        gettext_lazy("Calls to the peer are led to an address where nobody listens."),
        peer_down,
    ),
    "slow-peer": Scenario(
        gettext_lazy("Slow peer"),
        gettext_lazy("Calls to the peer go through a relay that lets answers wait."),
        slow_peer,
    ),
    "broker-lost": Scenario(
        gettext_lazy("Broker lost"),
        gettext_lazy(
            "All connections to the broker are cut, then it takes no messages; this "
            "concerns everybody who uses this broker."
        ),
        broker_lost,
        at_home=True,
    ),
    "database-restarted": Scenario(
        gettext_lazy("Database restarted"),
        gettext_lazy("All connections to the own database are cut amid work."),
        database_restarted,
        at_home=True,
    ),
    "poison-record": Scenario(
        gettext_lazy("Poison record"),
        gettext_lazy("A marked record that the peer refuses is sent amid good ones."),
        poison_record,
    ),
    "clock-skew": Scenario(
        gettext_lazy("Clock skew"),
        gettext_lazy("Signed requests with a wrong time are sent to the peer."),
        clock_skew,
    ),
}
