"""Reads of the catalogue: what is in it, by branch, first rows, history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from exchange.aggregation import hooks
from exchange.aggregation.hooks import Quality
from exchange.feeds.scope import mask
from exchange.interfaces.enums import Subset
from exchange.interfaces.models import Batch, Field, Row
from exchange.interfaces.selectors import rows
from platform_core.accounts.models import OrgUnit, User

from .enums import Category, Frequency, Level, Share
from .models import Edition, Theme

SHOWN_ROWS = 20
RELATED = ("resource", "theme", "unit", "division", "table__current")


def published(user: User) -> "QuerySet[Edition]":
    """What is in the catalogue now, as far as the user may know of it."""
    seen = Edition.objects.visible_to(user).filter(current=True)
    found: QuerySet[Edition] = seen.select_related(*RELATED)
    return found


def graded(editions: "QuerySet[Edition]") -> "QuerySet[Edition]":
    """With the quality score of their tables, empty where none was measured."""
    return editions.annotate(score=hooks.score_of("table"))


def qualities(editions: Iterable[Edition]) -> dict[str, Quality]:
    """How good the rows of some resources are, by the codes of their tables."""
    return hooks.quality_of({one.table.code for one in editions if one.table})


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree or of a facet, and how many resources it holds."""

    name: str
    value: Any
    label: object
    count: int


FACETS = (
    ("subset", Subset),
    ("share", Share),
    ("level", Level),
    ("frequency", Frequency),
)


def branches(editions: "QuerySet[Edition]") -> list[tuple[object, list[Branch]]]:
    """The tree by subset, theme and owner, with the other facets, counted."""
    plain = editions.order_by()
    found: dict[str, list[Branch]] = {}
    for name, choices in FACETS:
        labels = dict(choices.choices)
        counted = _counted(plain, name)
        order = [value for value in labels if value in counted]
        found[name] = [Branch(name, v, labels[v], counted[v]) for v in order]
    themes, units = _counted(plain, "theme"), _counted(plain, "unit")
    known = Theme.objects.filter(pk__in=themes)
    owners = OrgUnit.objects.filter(pk__in=units).order_by("path")
    return [
        (_("Subset"), found["subset"]),
        (_("Theme"), [Branch("theme", t.pk, _theme(t), themes[t.pk]) for t in known]),
        (_("Owner"), [Branch("unit", u.pk, str(u), units[u.pk]) for u in owners]),
        (_("Sharing"), found["share"]),
        (_("Security level"), found["level"]),
        (_("Renewed"), found["frequency"]),
    ]


def _theme(theme: Theme) -> str:
    return f"{Category(theme.category).label} · {theme}"


def _counted(editions: "QuerySet[Edition]", name: str) -> dict[Any, int]:
    rows = editions.values(name).annotate(count=Count("pk"))
    return {row[name]: row["count"] for row in rows}


def preview(edition: Edition) -> tuple[list[Field], list[list[object]]]:
    """The fields and the first rows, personal fields masked always."""
    table = edition.table
    if table is None:
        return [], []
    fields = table.fields
    contents = rows(table).order_by("pk").values_list("content", flat=True)
    return fields, [
        [_cell(field, content.get(field.code)) for field in fields]
        for content in contents[:SHOWN_ROWS]
    ]


def _cell(field: Field, value: Any) -> object:
    if value is None or value == "":
        return ""
    if field.personal:
        return mask(str(value))
    return value if isinstance(value, str | int | float | bool) else str(value)[:200]


@dataclass(frozen=True, slots=True)
class Update:
    """One line of the update log, as the timeline shows it."""

    at: datetime
    title: str
    by_name: str = ""


def updates(edition: Edition, limit: int = 20) -> list[Update]:
    """What happened to a resource: publications, and batches of its table."""
    found = [*_editions(edition), *_batches(edition, limit)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _editions(edition: Edition) -> Iterable[Update]:
    every = edition.resource.editions.select_related("published_by")
    for one in every:
        title = _("Version %(number)s published") % {"number": one.number}
        yield Update(one.published_at, title, str(one.published_by or ""))
        if one.withdrawn_at:
            yield Update(one.withdrawn_at, _("Withdrawn from the catalogue"))


def _batches(edition: Edition, limit: int) -> Iterable[Update]:
    done = Batch.objects.filter(table=edition.table_id, finished_at__isnull=False)
    for one in done.order_by("-pk")[:limit] if edition.table_id else ():
        title = _("%(count)s rows landed") % {"count": one.count}
        yield Update(one.finished_at or one.arrived_at, title, one.source_name)


def last_landed(tables: Iterable[int]) -> dict[int, datetime]:
    """When each table last got a complete batch."""
    done = Batch.objects.filter(table__in=list(tables), finished_at__isnull=False)
    newest = done.order_by().values("table").annotate(last=Max("finished_at"))
    return {one["table"]: one["last"] for one in newest}


def row_count(edition: Edition) -> int:
    """Records of its table now."""
    if edition.table is None:
        return 0
    return Row.objects.filter(
        table=edition.table, current=True, withdrawn=False
    ).count()
