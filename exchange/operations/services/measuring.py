"""What a rule of each kind finds: objects and the values measured there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q, QuerySet, Sum

from exchange.delivery.enums import ParcelState, PeerState
from exchange.delivery.models import Outage, Parcel, Peer
from exchange.operations.enums import BELOW, TOTAL, Direction, RuleKind
from exchange.operations.models import AlarmRule, Flow, Traffic
from exchange.operations.selectors import figures
from platform_core.common.clock import now

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """An object beyond the threshold of a rule."""

    peer: int
    interface: str
    value: float


def find(rule: AlarmRule) -> list[Finding]:
    """Everything beyond the rule's threshold at this moment."""
    return [one for one in MEASURES[RuleKind(rule.kind)](rule) if _beyond(one, rule)]


def _beyond(one: Finding, rule: AlarmRule) -> bool:
    if rule.kind in BELOW:
        return one.value < rule.threshold
    return one.value >= rule.threshold


def watched(rule: AlarmRule) -> QuerySet[Peer]:
    """The connections in use that a rule is about; paused ones are left alone."""
    rows = Peer.objects.filter(state=PeerState.ENABLED)
    return rows.filter(code__in=rule.peers) if rule.peers else rows


def _minutes(since: datetime) -> float:
    return round((now() - since).total_seconds() / MINUTE, 1)


def _down(rule: AlarmRule) -> Iterable[Finding]:
    """Minutes since an outage began."""
    rows = Outage.objects.filter(ended_at__isnull=True, peer__in=watched(rule))
    for peer, since in rows.values_list("peer", "started_at"):
        yield Finding(peer, "", _minutes(since))


def _lag(rule: AlarmRule) -> Iterable[Finding]:
    """Minutes that the oldest record has been waiting."""
    rows = Parcel.objects.filter(state=ParcelState.QUEUED, peer__in=watched(rule))
    if not rule.interfaces:
        for peer, oldest in rows.values_list("peer").annotate(Min("created_at")):
            yield Finding(peer, "", _minutes(oldest))
        return
    rows = rows.filter(group__interface__in=rule.interfaces)
    grouped = rows.values_list("peer", "group__interface")
    for peer, interface, oldest in grouped.annotate(Min("created_at")):
        yield Finding(peer, interface, _minutes(oldest))


def _late(rule: AlarmRule) -> Iterable[Finding]:
    """Minutes since records of an interface last came in."""
    rows = Flow.objects.filter(direction=Direction.IN, peer__in=watched(rule))
    rows = rows.filter(interface__contains=".")
    if rule.interfaces:
        rows = rows.filter(interface__in=rule.interfaces)
    for flow in rows:
        last = flow.records_at or flow.since
        yield Finding(flow.peer_id, flow.interface, _minutes(last))


def _traffic(rule: AlarmRule) -> QuerySet[Traffic]:
    rows = Traffic.objects.filter(peer__in=watched(rule)).order_by()
    if rule.interfaces:
        return rows.filter(interface__in=rule.interfaces)
    return rows.filter(interface=TOTAL)


def _errors(rule: AlarmRule) -> Iterable[Finding]:
    """Failed calls or refused records of the window, whichever share is higher."""
    since = now() - timedelta(hours=rule.window_hours)
    rows = _traffic(rule).filter(hour__gt=since - timedelta(hours=1))
    sums = rows.values_list("peer", "interface").annotate(
        Sum("calls"), Sum("successes"), Sum("records"), Sum("rejected")
    )
    for peer, interface, calls, successes, records, rejected in sums:
        shares = [
            100 * bad / total
            for bad, total in ((calls - successes, calls), (rejected, records))
            if total and total >= rule.least
        ]
        if shares:
            yield Finding(peer, interface, round(max(shares), 1))


def _drop(rule: AlarmRule) -> Iterable[Finding]:
    """How much less was exchanged in the last full hours than on earlier days."""
    end = now().replace(minute=0, second=0, microsecond=0)
    window = timedelta(hours=rule.window_hours)
    spans = [end - back * _step(rule) for back in range(_times(rule) + 1)]
    within = Q()
    for last in spans:
        within |= Q(hour__gte=last - window, hour__lt=last)
    present = Q(hour__gte=end - window, hour__lt=end)
    sums = (
        _traffic(rule)
        .filter(within)
        .values_list("peer", "interface")
        .annotate(
            present=Sum("records", filter=present, default=0),
            before=Sum("records", filter=~present, default=0),
            since=Min("hour", filter=~present),
        )
    )
    for peer, interface, here, earlier, since in sums:
        usual = earlier / _compared(rule, since, end)
        if usual >= max(rule.least, 1):
            yield Finding(peer, interface, round(100 * (1 - here / usual), 1))


def _step(rule: AlarmRule) -> timedelta:
    return timedelta(days=7 if rule.same_weekday else 1)


def _times(rule: AlarmRule) -> int:
    return max(rule.compared_days, 1)


def _compared(rule: AlarmRule, since: datetime | None, end: datetime) -> int:
    """How many earlier times count: no weeks before the first traffic."""
    if since is None or not rule.same_weekday:
        return _times(rule)
    weeks = (end - since - timedelta(hours=1)) // _step(rule)
    return min(max(weeks, 1), _times(rule))


def _quality(rule: AlarmRule) -> Iterable[Finding]:
    """Quality scores of what was exchanged in the window, where that was enough."""
    end = now()
    keys = dict(watched(rule).values_list("code", "pk"))
    found = figures.by_flow(end - timedelta(hours=rule.window_hours), end)
    for (code, interface), one in found.items():
        chosen = not rule.interfaces or interface in rule.interfaces
        if code not in keys or not chosen or one.records < rule.least:
            continue
        if one.score is not None:
            yield Finding(keys[code], interface, one.score)


MEASURES: dict[RuleKind, Callable[[AlarmRule], Iterable[Finding]]] = {
    RuleKind.DOWN: _down,
    RuleKind.LATE: _late,
    RuleKind.DROP: _drop,
    RuleKind.ERRORS: _errors,
    RuleKind.LAG: _lag,
    RuleKind.QUALITY: _quality,
}
