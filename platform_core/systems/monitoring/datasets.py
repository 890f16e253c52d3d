"""The contracts of the monitoring system: figures and digests travel upward."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.common.clock import read_moment
from platform_core.common.errors import DomainError
from platform_core.datasets.registry import Dataset, IncomingRecord, Outcome, register
from platform_core.regions import selectors as regions

from . import periods, services
from .models import CaseDigest, Indicator, IndicatorValue
from .serializers import CaseDigestData, IndicatorValueData

MOMENTS = ("reported_at", "deadline", "closed_at")


def apply_value(record: IncomingRecord) -> Outcome:
    """Take in another platform's figure."""
    data = record.data
    indicator = Indicator.objects.filter(pk=data["indicator"]).first()
    if indicator is None:
        raise _refused("code_list", "indicator", data["indicator"])
    _check_division(record)
    try:
        periods.grain(data["period"])
    except ValueError as error:
        raise _refused("format", "period", data["period"]) from error
    if data["unit"] != indicator.unit:
        raise _refused("code_list", "unit", data["unit"])
    services.keep_value(
        uid=record.uid,
        origin=record.origin,
        revision=record.revision,
        indicator=indicator,
        division=data["division"],
        period=data["period"],
        value=_number(data["value"]),
        unit=data["unit"],
        measured_at=_moment(data["measured_at"]),
        withdrawn=record.withdrawn,
    )
    return Outcome.APPLIED


def apply_digest(record: IncomingRecord) -> Outcome:
    """Take in the summary of another platform's case."""
    _check_division(record)
    holder = CaseDigest.objects.filter(uid=record.uid).values_list("origin", flat=True)
    if holder.first() not in {None, record.origin}:
        raise _refused("not_origin", "uid", record.uid)
    names = CaseDigestData.Meta.fields
    values: dict[str, Any] = {name: record.data.get(name) for name in names}
    for name in MOMENTS:
        values[name] = _moment(values[name]) if values[name] else None
    services.keep_digest(
        uid=record.uid,
        origin=record.origin,
        revision=record.revision,
        values=values,
        withdrawn=record.withdrawn,
    )
    return Outcome.APPLIED


def _check_division(record: IncomingRecord) -> None:
    division = record.data["division"]
    if regions.find_division(division[:6]) is None:
        raise _refused("code_list", "division", division)
    for node in {record.origin, record.sender}:
        if not regions.within(division, regions.node_division(node)):
            raise _refused("out_of_scope", "division", division)


def _number(value: float) -> Decimal:
    number = Decimal(str(value))
    if abs(number) >= Decimal(10) ** 16:
        raise _refused("range", "value", value)
    return number.quantize(Decimal("0.0001"))


def _moment(text: str) -> datetime:
    found = read_moment(text)
    if found is None:
        raise _refused("format", "measured_at", text)
    return found


def _refused(code: str, field: str, value: Any) -> DomainError:
    text = _("%(field)s: %(value)s is not accepted.")
    return DomainError(
        text % {"field": field, "value": value}, code=code, fields={field: value}
    )


INDICATOR_VALUE = register(
    Dataset(
        code="monitoring.indicator_value",
        version=1,
        name=gettext_lazy("Indicator value"),
        direction="up",
        model=IndicatorValue,
        serializer=IndicatorValueData,
        apply=apply_value,
        relay=True,
    )
)
CASE_DIGEST = register(
    Dataset(
        code="monitoring.case_digest",
        version=1,
        name=gettext_lazy("Case digest"),
        direction="up",
        model=CaseDigest,
        serializer=CaseDigestData,
        apply=apply_digest,
        relay=True,
    )
)
