"""Which cases another one may be merged into, the likely ones first."""

from django.db.models import Q

from municipal.command import selectors
from municipal.command.enums import OPEN
from municipal.command.models import Case, CaseQuerySet
from platform_core.accounts.models import User
from platform_core.geo import distance

MOST = 10


def candidates(case: Case, user: User, words: str, chosen: str = "") -> list[Case]:
    """The chosen case, then similar ones nearby, or those the words are about."""
    rows = _possible(case, user)
    first = list(rows.filter(number=chosen)) if chosen else []
    if words.strip():
        found = rows.filter(_about(words.strip()))
    else:
        near = [row.pk for row in selectors.similar_to(case)]
        first += rows.filter(pk__in=near).order_by("reported_at")[:MOST]
        found = rows.filter(class_code=case.class_code)
    unique = {row.pk: row for row in [*first, *found.order_by("-reported_at")[:MOST]]}
    return list(unique.values())[:MOST]


def _possible(case: Case, user: User) -> CaseQuerySet:
    """What merging allows: open, of the same district and kind, another case."""
    rows = Case.objects.visible_to(user).filter(
        state__in=OPEN, class_kind=case.class_kind, division_code=case.division_code
    )
    # A case that waits itself leads to the one it waits for.
    return rows.exclude(pk=case.pk).filter(duplicate_of=None)


def _about(words: str) -> Q:
    return (
        Q(number__startswith=words)
        | Q(class_name__icontains=words)
        | Q(address__icontains=words)
        | Q(description__icontains=words)
    )


def words(row: Case, case: Case) -> str:
    """A case as the choice shows it, with its distance."""
    metres = distance.metres(case.lon, case.lat, row.lon, row.lat)
    return f"{row.number} {row.title} · {row.get_state_display()} · {metres:.0f} m"
