"""Refused records and failed calls of some days, by their code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Call, ProblemRecord, RejectedRecord


@dataclass(frozen=True, slots=True)
class Fault:
    """How often something went wrong in one way."""

    where: str | Promise
    platform: str
    interface: str
    code: str
    field: str
    count: int
    last: datetime


def by_code(start: datetime, end: datetime, peer: str = "") -> list[Fault]:
    """The most frequent first."""
    found = [
        *_records(_("Refused by others"), ProblemRecord, "created_at", start, end),
        *_records(_("Refused here"), RejectedRecord, "received_at", start, end),
        *_calls(start, end),
    ]
    chosen = [one for one in found if not peer or one.platform == peer]
    return sorted(chosen, key=lambda one: (-one.count, one.platform, one.code))


def _records(
    where: Promise, model: Any, moment: str, start: datetime, end: datetime
) -> Iterable[Fault]:
    rows = model.objects.filter(**{f"{moment}__gte": start, f"{moment}__lt": end})
    for one in _grouped(rows, ("peer__code", "interface", "code", "field"), moment):
        yield Fault(
            where,
            one["peer__code"],
            one["interface"],
            one["code"],
            one["field"],
            one["many"],
            one["last"],
        )


def _calls(start: datetime, end: datetime) -> Iterable[Fault]:
    """Calls that were not answered well, by the status of the answer."""
    rows = Call.objects.filter(ok=False, at__gte=start, at__lt=end)
    for one in _grouped(rows, ("peer__code", "kind", "status"), "at"):
        code = str(one["status"] or _("no answer"))
        yield Fault(
            _("Failed calls"),
            one["peer__code"],
            one["kind"],
            code,
            "",
            one["many"],
            one["last"],
        )


def _grouped(
    rows: QuerySet[Any], names: tuple[str, ...], moment: str
) -> Iterable[dict[str, Any]]:
    grouped: Any = rows.order_by().values(*names)
    found: Iterable[dict[str, Any]] = grouped.annotate(
        many=Count("pk"), last=Max(moment)
    )
    return found
