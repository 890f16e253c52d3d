"""The rules of a connection: changing them, and keeping to them on both sides."""

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.delivery import hooks, windows
from exchange.delivery.enums import MAX_RECORDS, BatchState, PeerState
from exchange.delivery.errors import (
    Busy,
    GroupRefused,
    TooLarge,
    TooMany,
    Unauthorised,
)
from exchange.delivery.models import Batch, Peer, PeerPolicy, ReceivedBatch
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError, Forbidden

from .housekeeping import kick_after_commit
from .nodes import INTERFACE

TESTING_PAUSE = 60
STRANGERS_PER_MINUTE = 60
CLOSED_PAUSE = 900
FIELDS = (
    "requests_per_minute",
    "daily_records",
    "batch_records",
    "windows",
    "may_send",
    "may_receive",
    "interfaces",
    "allow_private",
    "networks",
    "subscribes_freely",
)


@transaction.atomic
def change(
    *, peer: Peer, by: Actor = None, reason: str = "", **values: Any
) -> PeerPolicy:
    """Make a new version of the rules; what stays the same makes none."""
    before = Peer.objects.select_for_update().get(pk=peer.pk).rules
    given = {name: getattr(before, name) for name in FIELDS} | values
    _check(given)
    changed = {
        name: {"from": getattr(before, name), "to": given[name]}
        for name in FIELDS
        if getattr(before, name) != given[name]
    }
    if not changed:
        return before
    policy = peer.rules = PeerPolicy.objects.create(
        peer=peer,
        version=before.version + 1,
        reason=reason[:200],
        by_id=by.pk if by is not None else None,
        **given,
    )
    Peer.objects.filter(pk=peer.pk).update(next_try_at=now())
    data = {"version": policy.version, "changed": changed, "reason": reason}
    audit.record("exchange.policy_changed", peer, by=by, data=data)
    kick_after_commit()
    return policy


def _check(given: dict[str, Any]) -> None:
    limits = {"batch_records": MAX_RECORDS, "requests_per_minute": 1_000_000}
    for name, most in limits.items():
        value = given[name]
        if value is not None and not 1 <= value <= most:
            text = _("The number is out of range.")
            raise DomainError(text, code="range", fields={name: text})


# Receiving --------------------------------------------------------------------


def admit(peer: Peer, address: str) -> None:
    """The peer calls from where it was agreed to, and not too often."""
    policy = peer.rules
    _admit_address(policy, address)
    limit = policy.requests_per_minute or settings.EXCHANGE_REQUESTS_PER_MINUTE
    left = _count("in", peer.code, limit)
    if left:
        raise TooMany(_("Too many requests; please wait."), retry_after=left)


def admit_stranger(address: str) -> None:
    """Somebody who is not known yet does not ask too often."""
    left = _count("enrol", address, STRANGERS_PER_MINUTE)
    if left:
        raise TooMany(_("Too many requests; please wait."), retry_after=left)


def _admit_address(policy: PeerPolicy, address: str) -> None:
    allowed = policy.networks
    if not allowed:
        return
    try:
        caller = ip_address(address)
    except ValueError:
        caller = None
    if caller is None or not any(caller in ip_network(one) for one in allowed):
        raise Unauthorised(
            _("The request comes from an address that was not agreed."),
            code="out_of_scope",
        )


def admit_delivery(peer: Peer, records: int, groups: int) -> None:
    """A delivery comes inside the hours, the day's volume and the size agreed."""
    policy = peer.rules
    closed = windows.wait(policy.windows, now())
    if closed:
        raise Busy(_("Records are taken at other hours."), retry_after=closed)
    if groups > 1 and records > policy.batch_records:
        limit = {"n": policy.batch_records}
        raise TooLarge(_("A delivery has at most %(n)s records.") % limit)
    if policy.daily_records and _received(peer) + records > policy.daily_records:
        text = _("The records agreed for today are used up.")
        raise TooMany(text, retry_after=_until_tomorrow())


def admit_group(peer: Peer, interface: str) -> None:
    """Records of this interface may come from there; keys of platforms always."""
    if interface == INTERFACE:
        return
    if peer.state == PeerState.TESTING:
        text = _("The connection is being tested; records are taken later.")
        raise GroupRefused(text, code="busy", retry=True)
    policy = peer.rules
    if not policy.may_receive or not _allows(policy, interface):
        raise GroupRefused(
            _("The rules of this connection do not allow this interface."),
            code="out_of_scope",
        )


# Sending ----------------------------------------------------------------------


def hold(peer: Peer, under_way: int = 0) -> tuple[int, str]:
    """Seconds to wait before anything is sent, and why; 0 to go ahead.

    So many records are on their way to the peer already.
    """
    policy = peer.rules
    closed = windows.wait(policy.windows, now())
    if closed:
        return closed, _("Outside the hours of this connection.")
    if policy.daily_records and _sent(peer) + under_way >= policy.daily_records:
        return _until_tomorrow(), _("The records agreed for today are used up.")
    return 0, ""


def hold_call(peer: Peer) -> int:
    """Seconds to wait because the requests of this minute are used up."""
    limit = peer.rules.requests_per_minute
    return _count("out", peer.code, limit) if limit else 0


def sendable(peer: Peer) -> tuple[list[str] | None, int]:
    """Interfaces that may go there (None: all) and records in one batch."""
    policy = peer.rules
    if peer.state == PeerState.TESTING or not policy.may_send:
        return [INTERFACE], policy.batch_records
    named = [INTERFACE, *policy.interfaces] if policy.interfaces else None
    return named, policy.batch_records


def batch_limit(peers: list[Peer]) -> int:
    """Records in one sealed group for all these peers."""
    rules = PeerPolicy.objects.filter(peer__in=peers).order_by("peer", "version")
    newest = dict(rules.values_list("peer", "batch_records"))
    return min(newest.values(), default=MAX_RECORDS)


def visible(peer: Peer) -> Callable[[str], bool]:
    """Which interfaces the rules of a connection let a peer see."""
    policy = peer.rules
    return lambda code: code == INTERFACE or _allows(policy, code)


def admit_fetch(peer: Peer, interface: str) -> int:
    """Records of this interface may be fetched now; how many at once."""
    policy = peer.rules
    if peer.state == PeerState.TESTING:
        text = _("The connection is being tested; records are taken later.")
        raise Busy(text, retry_after=TESTING_PAUSE)
    if not policy.may_send or not _allows(policy, interface):
        raise Forbidden(
            _("The rules of this connection do not allow this interface."),
            code="out_of_scope",
        )
    closed = windows.wait(policy.windows, now())
    if closed:
        raise Busy(_("Outside the hours of this connection."), retry_after=closed)
    if policy.daily_records and _sent(peer) >= policy.daily_records:
        text = _("The records agreed for today are used up.")
        raise TooMany(text, retry_after=_until_tomorrow())
    return policy.batch_records


def _allows(policy: PeerPolicy, interface: str) -> bool:
    return not policy.interfaces or interface in policy.interfaces


def _count(way: str, who: str, limit: int) -> int:
    """Count a request; seconds to wait where the minute's limit is exceeded."""
    moment = now().timestamp()
    name = f"exchange.rate:{way}:{who}:{int(moment // 60)}"
    cache.add(name, 0, 120)
    return 60 - int(moment % 60) if cache.incr(name) > limit else 0


def _midnight() -> Any:
    local = timezone.localtime(now())
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _until_tomorrow() -> int:
    rest = _midnight() + timedelta(days=1) - now()
    return int(rest.total_seconds()) + 1


def _received(peer: Peer) -> int:
    found = ReceivedBatch.objects.filter(peer=peer, received_at__gte=_midnight())
    return int(found.aggregate(sum=Sum("records"))["sum"] or 0)


def _sent(peer: Peer) -> int:
    found = Batch.objects.filter(
        peer=peer, state=BatchState.DONE, finished_at__gte=_midnight()
    )
    sent = int(found.aggregate(sum=Sum("records"))["sum"] or 0)
    return sent + sum(hook(peer) for hook in hooks.fetched)
