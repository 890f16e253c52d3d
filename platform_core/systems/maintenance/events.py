"""Names of audit events; what is not listed shows its code."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AREAS = {
    "user.": _("People"),
    "unit.": _("Organisations"),
    "post.": _("Posts"),
    "role.": _("Roles"),
    "grant.": _("Grants"),
    "signin.": _("Sign-in"),
    "token.": _("Access tokens"),
    "definition.": _("Process definitions"),
    "process.": _("Processes"),
    "calendar.": _("Work calendar"),
    "classification.": _("Classes and limits"),
    "case.": _("Cases"),
    "task.": _("Key tasks"),
    "assignment.": _("Task assignments"),
    "request.": _("Public requests"),
    "exchange.": _("Data exchange"),
    "audit.": _("Audit log"),
    "file.": _("Files"),
}
EVENTS = {
    "user.created": _("Person added"),
    "user.changed": _("Person changed"),
    "user.posts_assigned": _("Posts given"),
    "user.roles_assigned": _("Roles given"),
    "user.password_set": _("Password set"),
    "user.unlocked": _("Account unlocked"),
    "unit.created": _("Organisation added"),
    "unit.changed": _("Organisation changed"),
    "unit.moved": _("Organisation moved"),
    "post.created": _("Post added"),
    "role.created": _("Role added"),
    "role.changed": _("Role changed"),
    "role.deleted": _("Role deleted"),
    "grant.given": _("Grant given"),
    "grant.revoked": _("Grant revoked"),
    "definition.drafted": _("Draft made"),
    "definition.edited": _("Draft edited"),
    "definition.discarded": _("Draft discarded"),
    "definition.published": _("Definition published"),
    "process.moved": _("Running processes moved"),
    "calendar.day_set": _("Calendar day set"),
    "calendar.sessions_set": _("Working hours set"),
    "classification.edition_chosen": _("Edition chosen"),
    "classification.class_switched": _("Class switched on or off"),
    "classification.limit_set": _("Time limit set"),
    "case.overdue": _("Case overdue"),
    "case.urge": _("Case urged"),
    "case.report": _("Case reported"),
    "case.close": pgettext_lazy("audit", "Case closed"),
    "case.exported": _("Cases exported"),
    "request.submitted": _("Public request submitted"),
    "request.rated": _("Public request rated"),
    "signin.done": _("Signed in"),
    "signin.ended": _("Signed out"),
    "signin.failed": _("Sign-in failed"),
    "signin.locked": _("Sign-in locked"),
    "token.issued": _("Access token issued"),
    "token.revoked": _("Access token revoked"),
    "user.password_refused": _("Password refused"),
    "exchange.joined": _("Joined the federation"),
    "exchange.key_learned": _("Key of a peer learned"),
    "exchange.peer_added": _("Peer added"),
    "exchange.peer_enabled": _("Peer enabled"),
    "exchange.peer_interrupted": _("Peer interrupted"),
    "exchange.peer_invited": _("Peer invited"),
    "exchange.peer_resumed": _("Peer resumed"),
    "exchange.peer_suspended": _("Peer suspended"),
    "exchange.batch_resent": _("Batch sent again"),
    "exchange.period_resent": _("Period sent again"),
    "exchange.problem_resent": _("Problem record sent again"),
    "exchange.refused": _("Delivery refused"),
    "task.drafted": _("Key task drafted"),
    "task.issued": _("Key task issued"),
    "task.changed": _("Key task changed"),
    "task.broken_down": _("Key task broken down"),
    "task.submitted": _("Key task submitted"),
    "task.rejected": _("Key task rejected"),
    "task.withdrawn": _("Key task withdrawn"),
    "task.closed": _("Key task closed"),
    "task.archived": _("Key task archived"),
    "assignment.arrived": _("Task arrived"),
    "assignment.issued": _("Task assigned"),
    "assignment.changed": _("Task assignment changed"),
    "assignment.overdue": _("Task overdue"),
    "assignment.received": _("Task signed for"),
    "assignment.reported": _("Task progress reported"),
    "assignment.submitted": _("Task result submitted"),
    "assignment.accepted": _("Task result accepted"),
    "assignment.returned": _("Task result returned"),
    "assignment.urged": _("Task urged"),
    "assignment.supervised": _("Task supervised"),
    "assignment.extension_requested": _("More time asked for"),
    "assignment.extended": _("More time granted"),
    "assignment.extension_refused": _("More time refused"),
    "assignment.withdrawn": _("Task assignment withdrawn"),
    "assignment.closed": _("Task assignment closed"),
    "assignment.exported": _("Task assignments exported"),
    "task.exported": _("Key tasks exported"),
    "audit.verified": _("Audit log verified"),
}


NAMERS: dict[str, Callable[[str], str]] = {}


def name_events(area: str, namer: Callable[[str], str]) -> None:
    """Let an app name the events of its area, given what follows the area's name."""
    NAMERS[area] = namer


def event_label(code: str) -> str:
    """Name of an event."""
    if code in EVENTS:
        return str(EVENTS[code])
    area, dot, rest = code.partition(".")
    namer = NAMERS.get(area + dot)
    return namer(rest) if namer else code


def event_label_choices() -> list[tuple[str, object]]:
    """Areas to filter by."""
    return list(AREAS.items())
