"""What collaborative work adds to case handling, registered at start."""

from municipal.command import duty as duties
from municipal.command import listeners, visibility
from platform_core.accounts.models import User

from . import offers, panels, resolving, steps
from .models import Part
from .services import automatic, callbacks, district, duty, merging, parts, pressure

SHARED = 500


def cases_of_parts(user: User) -> list[int]:
    """The cases of the newest parts of somebody's unit."""
    if not user.has_perm("command.handle_case"):
        return []
    if user.has_perm("command.view_all_cases") or not user.unit_path:
        return []
    rows = Part.objects.filter(unit__path__startswith=user.unit_path)
    newest = rows.order_by("-pk").values_list("case", flat=True)[:SHARED]
    return sorted(set(newest))


def register() -> None:
    """Tell the core whom to call."""
    duties.register(resolving.candidates)
    for part in (resolving, district, callbacks):
        part.watch()
    visibility.share(cases_of_parts)
    for listener in (
        duty.learn,
        automatic.after_filing,
        parts.follow,
        district.follow,
        merging.follow,
        pressure.follow,
        callbacks.follow,
    ):
        listeners.register(listener)
    listeners.register_objection(merging.object_to_steps)
    listeners.register_objection(parts.object_to_feedback)
    steps.register()
    panels.register()
    offers.register()
