"""Reads over tasks, masters and where they come from."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from exchange.aggregation.hooks import Link

from .definitions import SECTIONS
from .enums import MasterState
from .models import CodeMapVersion, Task, TaskVersion


class Difference(NamedTuple):
    """How a part differs between two versions; one side may be missing."""

    section: str
    code: str
    before: Any
    after: Any


def differences(old: TaskVersion, new: TaskVersion) -> list[Difference]:
    """Parts and limits that are not the same in both."""
    found = []
    for section in SECTIONS:
        before = {one["code"]: one for one in old.part(section)}
        after = {one["code"]: one for one in new.part(section)}
        found += [
            Difference(section, code, before.get(code), after.get(code))
            for code in dict.fromkeys([*before, *after])
            if before.get(code) != after.get(code)
        ]
    limits = [name for name in new.definition if name not in SECTIONS]
    found += [
        Difference("", name, old.definition.get(name), new.definition[name])
        for name in limits
        if old.definition.get(name) != new.definition[name]
    ]
    return found


def code_differences(old: CodeMapVersion, new: CodeMapVersion) -> list[Difference]:
    """Codes that do not mean the same in both."""
    before = dict(old.entries.values_list("given", "standard"))
    after = dict(new.entries.values_list("given", "standard"))
    return [
        Difference("", given, before.get(given), after.get(given))
        for given in sorted({*before, *after})
        if before.get(given) != after.get(given)
    ]


def subjects() -> "QuerySet[Task]":
    """Tasks with the number of their master records, `count` and `several`."""
    current = Q(masters__state=MasterState.CURRENT)
    several = current & Q(masters__sources__gt=1)
    return Task.objects.select_related("current").annotate(
        count=Count("masters", filter=current),
        several=Count("masters", filter=several),
    )


def links(table: str) -> Iterable[Link]:
    """The arrows of fusion that touch a table or a subject."""
    for task in Task.objects.filter(current__isnull=False).select_related("current"):
        assert task.current is not None
        url = reverse("fusion:subject", args=[task.uid])
        for source in task.current.part("sources"):
            if table in (source["table"], task.code):
                yield Link(source["table"], task.code, _("fused into"), url)
