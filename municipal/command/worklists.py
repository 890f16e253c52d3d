"""The work lists: which cases wait for which post."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.processes.selectors import steps_of

from .enums import OPEN, PAUSED, TERMINAL, WITH_UNIT, State
from .models import Case, CaseFollow, CaseQuerySet

Narrow = Callable[[CaseQuerySet, User], CaseQuerySet]


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
    narrow: Narrow | None = None
    sends: str = ""

    def rows(self, user: User) -> CaseQuerySet:
        """The cases of the list that the user may see."""
        found = Case.objects.visible_to(user)
        if self.states:
            found = found.filter(state__in=self.states)
        if self.asked:
            found = found.filter(extension_asked__isnull=False)
        if self.mine:
            found = found.filter(Q(field_inspector=user))
        return self.narrow(found, user) if self.narrow else found

    @property
    def url_name(self) -> str:
        return f"command:work-{self.code}"


def took_part(rows: CaseQuerySet, user: User) -> CaseQuerySet:
    """Cases in which the user made a step."""
    return rows.filter(process__in=steps_of(user))


def follows(rows: CaseQuerySet, user: User) -> CaseQuerySet:
    """Cases the user keeps an eye on."""
    return rows.filter(pk__in=CaseFollow.objects.filter(user=user).values("case"))


def overdue(rows: CaseQuerySet, user: User) -> CaseQuerySet:
    """Cases whose present stage is late."""
    return rows.filter(state__in=OPEN, deadline__lt=clock.now())


def near_due(rows: CaseQuerySet, user: User) -> CaseQuerySet:
    """Cases whose time is nearly used up."""
    now = clock.now()
    return rows.filter(state__in=OPEN, warn_at__lt=now, deadline__gte=now)


_ALL = (
    Worklist(
        "accept",
        _("To accept"),
        _("New reports appear here until they are accepted."),
        (State.PENDING_ACCEPT,),
        role="acceptor",
        permission="command.accept_case",
        sends="send_verify",
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
        sends="send_check",
    ),
    Worklist(
        "sent",
        _("Sent to inspectors"),
        _("Cases under verification or check on site appear here."),
        (State.VERIFYING, State.CHECKING),
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
# Lists that every post has, whatever it does.
_OF_ALL = (
    Worklist(
        "doing",
        _("Open with me"),
        _("Open cases in which you made a step appear here."),
        OPEN,
        narrow=took_part,
    ),
    Worklist(
        "done",
        _("Done by me"),
        _("Ended cases in which you made a step appear here."),
        TERMINAL,
        narrow=took_part,
    ),
    Worklist(
        "follow",
        _("Followed by me"),
        _("Cases that you follow appear here."),
        (),
        narrow=follows,
    ),
    Worklist(
        "overdue",
        _("Overdue cases"),
        _("Cases whose present stage is late appear here."),
        (),
        narrow=overdue,
    ),
    Worklist(
        "near",
        _("Cases near due"),
        _("Cases whose time is nearly used up appear here."),
        (),
        narrow=near_due,
    ),
    Worklist(
        "suspended",
        _("On the books"),
        _("Suspended and deferred cases appear here."),
        PAUSED,
    ),
    Worklist(
        "void",
        _("Void cases"),
        _("Cancelled cases and reports that were not taken up appear here."),
        (State.CANCELLED, State.NOT_ACCEPTED, State.NOT_FILED),
    ),
)
GENERAL: Mapping[str, Worklist] = {work.code: work for work in _OF_ALL}
WORKLISTS: Mapping[str, Worklist] = {work.code: work for work in _ALL}


def of_role(role: str) -> list[Worklist]:
    """The lists that a post works through."""
    return [work for work in _ALL if work.role == role]
