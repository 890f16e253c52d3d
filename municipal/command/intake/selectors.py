"""Reads of the reception: who calls, how the seats do, what to say."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils import timezone

from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.common import clock

from .enums import CallState, Direction, Outcome
from .models import Article, Call, Phrase, Seat

RECENT = 5
RING_MINUTES = 5


def seat_of(user: User) -> Seat | None:
    """The seat somebody has taken."""
    return Seat.objects.filter(user=user).first()


def call_at(seat: Seat | None) -> Call | None:
    """The call that rings or is being answered at a seat."""
    if seat is None:
        return None
    young = clock.now() - timedelta(minutes=RING_MINUTES)
    live = Q(state=CallState.TALKING) | Q(state=CallState.RINGING, rang_at__gte=young)
    calls = Call.objects.filter(live, seat=seat).select_related("line", "case")
    return calls.order_by("-rang_at").first()


def cases_of_caller(number: str, user: User) -> list[Case]:
    """Earlier cases of a caller that the operator may see, the newest first."""
    if not number:
        return []
    seen = Case.objects.visible_to(user).filter(contact=number)
    return list(seen.order_by("-reported_at")[:RECENT])


def calls_of_caller(call: Call) -> list[Call]:
    """Earlier calls from the same number."""
    if not call.caller:
        return []
    others = Call.objects.filter(caller=call.caller).exclude(pk=call.pk)
    return list(others.select_related("case")[:RECENT])


def phrases(kind: str) -> QuerySet[Phrase]:
    """The phrases that a form offers."""
    return Phrase.objects.filter(kind=kind, is_active=True)


def articles(user: User, text: str) -> list[Article]:
    """Articles about something, those read most first."""
    found = Article.objects.visible_to(user)
    for word in text.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(keywords__icontains=word)
            | Q(body__icontains=word)
        )
    return list(found.order_by("-read_count", "title")[:10])


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which a run of days begins and ends."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last, time.min)) + timedelta(days=1)
    return begin, end


def figures(calls: QuerySet[Call]) -> dict[str, Any]:
    """How many calls came, were answered, missed, and how long they took."""
    return calls.order_by().aggregate(**_measures())


def by_operator(calls: QuerySet[Call]) -> list[dict[str, Any]]:
    """The same for each operator."""
    rows = calls.filter(by__isnull=False).order_by()
    grouped = rows.values("by", "by__full_name").annotate(**_measures())
    return sorted(map(dict, grouped), key=lambda row: -row["calls"])


def _measures() -> dict[str, Any]:
    answered = Q(answered_at__isnull=False)
    return {
        "calls": Count("pk"),
        "incoming": Count("pk", filter=Q(direction=Direction.IN)),
        "answered": Count("pk", filter=answered),
        "missed": Count("pk", filter=Q(state=CallState.MISSED)),
        "turned_away": Count("pk", filter=Q(state=CallState.BLOCKED)),
        "registered": Count("pk", filter=Q(outcome=Outcome.CASE)),
        "wait": Avg(F("answered_at") - F("rang_at"), filter=answered),
        "talk": Avg(F("ended_at") - F("answered_at"), filter=answered),
    }


def by_hour(calls: QuerySet[Call]) -> list[int]:
    """Calls by the hour of the day, 24 numbers."""
    counts = [0] * 24
    rows = calls.order_by().values_list("rang_at__hour").annotate(rows=Count("pk"))
    for hour, count in rows:
        counts[hour] += count
    return counts
