"""Published evaluations for the data standard."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from platform_core.datasets.filling import Filling, fill

from .enums import ObjectKind, RunState
from .models import Result

KINDS = {
    ObjectKind.UNIT: "department",
    ObjectKind.LEADER: "duty_leader",
}
NOT_IN_TABLE = (ObjectKind.COMPANY,)


def result(row: Result) -> Mapping[str, Any] | None:
    """A row of cm_perf_result; what has no index is none."""
    if row.composite is None or row.run.kind in NOT_IN_TABLE:
        return None
    kind = ObjectKind(row.run.kind)
    return {
        "object_kind": KINDS.get(kind, kind.value),
        "object_code": row.key,
        "period": f"{row.run.first:%Y%m%d}-{row.run.last:%Y%m%d}",
        "values": row.scores,
        "score": float(row.composite),
        "grade": row.grade,
        "rank": row.rank,
    }


def results() -> Any:
    published = Result.objects.filter(run__state=RunState.PUBLISHED)
    return published.select_related("run")


fill(
    Filling(
        table="cm_perf_result",
        system=gettext_noop("Performance evaluation"),
        rows=results,
        record=result,
        changed="",
    )
)
