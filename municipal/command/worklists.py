"""The work lists: which cases wait for which post."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User

from .enums import WITH_UNIT, State
from .models import Case, CaseQuerySet


@dataclass(frozen=True)
class Worklist:
    """Cases that wait for a post; `mine` narrows to those of the user."""

    code: str
    label: Promise
    empty: Promise
    states: tuple[str, ...]
    role: str = ""
    permission: str = "command.view_case"
    mine: bool = False
    asked: bool = False

    def rows(self, user: User) -> CaseQuerySet:
        """The cases of the list that the user may see."""
        found = Case.objects.visible_to(user)
        if self.states:
            found = found.filter(state__in=self.states)
        if self.asked:
            found = found.filter(extension_asked__isnull=False)
        if self.mine:
            found = found.filter(Q(field_inspector=user))
        return found

    @property
    def url_name(self) -> str:
        return f"command:work-{self.code}"


_ALL = (
    Worklist(
        "accept",
        _("To accept"),
        _("New reports appear here until they are accepted."),
        (State.PENDING_ACCEPT,),
        role="acceptor",
        permission="command.accept_case",
    ),
    Worklist(
        "file",
        _("To file"),
        _("Accepted cases appear here until they are filed."),
        (State.PENDING_FILING, State.SELF_HANDLED),
        role="duty_leader",
        permission="command.close_case",
    ),
    Worklist(
        "dispatch",
        _("To dispatch"),
        _("Filed and returned cases appear here until a unit has them."),
        (State.PENDING_DISPATCH, State.RETURNED),
        role="dispatcher",
        permission="command.dispatch_case",
    ),
    Worklist(
        "answer",
        _("Extensions asked for"),
        _("Cases whose unit asks for more time appear here."),
        (State.HANDLING,),
        role="dispatcher",
        permission="command.dispatch_case",
        asked=True,
    ),
    Worklist(
        "feedback",
        _("Results to review"),
        _("Cases that a unit reported as handled appear here."),
        (State.PENDING_FEEDBACK,),
        role="dispatcher",
        permission="command.dispatch_case",
    ),
    Worklist(
        "handle",
        _("To handle"),
        _("Cases given to your unit appear here until they are handled."),
        WITH_UNIT,
        role="dept_handler",
        permission="command.handle_case",
    ),
    Worklist(
        "onsite",
        _("My tasks on site"),
        _("Cases you are sent to verify or check appear here."),
        (State.VERIFYING, State.CHECKING),
        role="supervisor",
        permission="command.verify_case",
        mine=True,
    ),
    Worklist(
        "check",
        _("To send for check"),
        _("Handled cases appear here until an inspector is sent."),
        (State.PENDING_CHECK,),
        role="acceptor",
        permission="command.accept_case",
    ),
    Worklist(
        "close",
        _("To close"),
        _("Checked cases appear here until they are closed."),
        (State.PENDING_CLOSE,),
        role="duty_leader",
        permission="command.close_case",
    ),
    Worklist(
        "paused",
        _("Suspended and deferred"),
        _("Cases whose clock stands still appear here."),
        (State.SUSPENDED, State.DEFERRED),
        permission="command.dispatch_case",
    ),
)
WORKLISTS: Mapping[str, Worklist] = {work.code: work for work in _ALL}


def of_role(role: str) -> list[Worklist]:
    """The lists that a post works through."""
    return [work for work in _ALL if work.role == role]
