"""Results of the evaluation as the wall ranks them.  [CC-53]"""

from typing import Any

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language

from municipal.command.performance import selectors as performance
from municipal.command.performance.enums import ObjectKind
from platform_core.accounts.models import User
from platform_core.regions.models import Division

from .scope import narrowing

SEE = "performance.view_all_results"
KINDS = (
    ObjectKind.DISTRICT,
    ObjectKind.STREET,
    ObjectKind.UNIT,
    ObjectKind.SUPERVISOR,
)
MOST = 10
KEPT_SECONDS = 60


def of_area(user: User, area: Division) -> list[dict[str, Any]]:
    """The newest results of areas, departments and posts, for the whole city."""
    if narrowing(area) or not user.has_perm(SEE):
        return []
    key = f"centre.rankings:{get_language()}"
    found: list[dict[str, Any]] | None = cache.get(key)
    if found is None:
        found = [_ranking(kind) for kind in KINDS]
        cache.set(key, found, KEPT_SECONDS)
    return found


def _ranking(kind: ObjectKind) -> dict[str, Any]:
    run = performance.latest_run(kind)
    rows = performance.latest(kind, MOST) if run else []
    return {
        "kind": str(kind),
        "label": str(kind.label),
        "period": f"{run.first:%m-%d} – {run.last:%m-%d}" if run else "",
        "rows": [
            {
                "rank": row.rank,
                "name": row.label,
                "value": None if row.composite is None else f"{row.composite:.1f}",
                "grade": row.grade,
                "colour": row.colour,
                "trend": row.trend,
                "url": reverse("performance:result", args=[run.pk, row.key])
                if run
                else "",
            }
            for row in rows
        ],
    }
