"""Drafts for the tables of the data standard that have no entry yet."""

from django.db import transaction
from django.db.models import QuerySet

from exchange.aggregation.catalogue.enums import Category, Frequency, Level, Share
from exchange.aggregation.catalogue.models import Resource, Theme
from exchange.interfaces.enums import OFFERED, Subset
from exchange.interfaces.models import Table
from platform_core.accounts.models import OrgUnit, User
from platform_core.regions.selectors import own_division

from .entries import draft

# Words of the standard's frequencies, in the order in which they are looked for.
WORDS = (
    ("real", Frequency.CONT),
    ("min", Frequency.CONT),
    ("hour", Frequency.HOURLY),
    ("day", Frequency.DAILY),
    ("week", Frequency.WEEKLY),
    ("month", Frequency.MONTHLY),
    ("quarter", Frequency.QUARTERLY),
    ("half", Frequency.HALF_YEARLY),
    ("year", Frequency.ANNUAL),
)


def frequency(text: str) -> Frequency:
    """The nearest frequency of the catalogue."""
    plain = text.lower()
    return next((one for word, one in WORDS if word in plain), Frequency.IRREGULAR)


def waiting_tables() -> "QuerySet[Table]":
    """Published tables without an entry."""
    known = Resource.objects.filter(table__isnull=False).values("table")
    offered: QuerySet[Table] = Table.objects.filter(current__state__in=OFFERED)
    return offered.exclude(pk__in=known).select_related("current")


@transaction.atomic
def propose(*, unit: OrgUnit, by: User) -> int:
    """One draft for each such table, for people to complete; how many."""
    tables = list(waiting_tables())
    for table in tables:
        draft(facts=facts_of(table, unit, by), by=by)
    return len(tables)


def facts_of(table: Table, unit: OrgUnit, by: User) -> dict[str, object]:
    """What the standard says of a table, for an entry of this unit."""
    personal = any(field.personal for field in table.fields)
    return {
        "title": table.name,
        "abstract": table.basis or table.name,
        "theme": _theme(table.subset),
        "subset": table.subset,
        "unit": unit,
        "table": table,
        "frequency": frequency(table.frequency),
        "share": Share.NONE if personal else Share.CONDITIONAL,
        "condition": "" if personal else "按申请审批",
        "level": Level.L3 if personal else Level.L2,
        "division": own_division(),
        "contact": by.full_name or by.get_username(),
    }


def _theme(subset: str) -> Theme:
    base = subset == Subset.CITY_BASIC
    key = (Category.BASE, 3) if base else (Category.THEME, 9)
    return Theme.objects.get(category=key[0], number=key[1])
