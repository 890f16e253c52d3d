"""Who is told about a step: the next post, the unit, the tiers above."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command import policies
from municipal.command.enums import RequestKind, State
from municipal.command.models import Case, CaseRequest
from platform_core.accounts import remembered
from platform_core.accounts.models import User
from platform_core.notices import services as notices
from platform_core.processes import selectors as processes
from platform_core.systems.monitoring import services as monitoring

POSTS: Mapping[str, str] = {
    State.PENDING_ACCEPT: "acceptor",
    State.SELF_HANDLED: "duty_leader",
    State.PENDING_FILING: "duty_leader",
    State.PENDING_DISPATCH: "dispatcher",
    State.RETURNED: "dispatcher",
    State.PENDING_FEEDBACK: "dispatcher",
    State.PENDING_CHECK: "acceptor",
    State.PENDING_CLOSE: "duty_leader",
}
OF_UNIT = frozenset({State.PENDING_HANDLING, State.HANDLING, State.REWORK})
ON_SITE = frozenset({State.VERIFYING, State.CHECKING})
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


def announce(case: Case, counted: Sequence[str] = ()) -> None:
    """Tell the tiers above how the case stands, and add to the day's figures."""
    monitoring.announce_case(
        uid=case.uid,
        revision=case.revision,
        number=case.number,
        title=case.title,
        edition=case.edition,
        class_kind=case.class_kind,
        class_code=case.class_code,
        class_name=case.class_name,
        division=case.division_code,
        lon=case.lon,
        lat=case.lat,
        source=case.source_id,
        state=case.state,
        stage=case.stage,
        reported_at=case.reported_at,
        deadline=case.handling_deadline,
        closed_at=case.closed_at,
        overdue=case.is_overdue,
        on_time=case.on_time,
        rework_count=case.rework_count,
        counted=counted,
    )


@contextmanager
def quiet(yes: bool = True) -> Iterator[None]:
    """Tell nobody inside the block; for history that is told again."""
    token = _quiet.set(yes)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Whether nobody is told anything now."""
    return _quiet.get()


def tell_next(case: Case, action: str, *, by: User | None) -> None:
    """Tell those who have to act now."""
    if _quiet.get():
        return
    people = _audience(case, action)
    if people is None:
        return
    with override(settings.LANGUAGE_CODE):
        notices.notify(
            (user for user in people if by is None or user.pk != by.pk),
            kind="case",
            title=_("%(state)s: %(title)s")
            % {"state": case.state_name, "title": case.title},
            body=case.number,
            link=_link(case),
            level="urgent" if case.is_urgent else "info",
        )


def _audience(case: Case, action: str) -> Iterable[User] | None:
    if action == "apply_extend":
        return remembered.holders("dispatcher")
    if case.state in OF_UNIT:
        return None if action == "sign" else handlers(case)
    if case.state in ON_SITE:
        return [case.field_inspector] if case.field_inspector else None
    post = POSTS.get(case.state)
    return remembered.holders(post) if post else None


def handlers(case: Case) -> Iterable[User]:
    """The people of the unit that handles the case."""
    if case.handling_unit is None:
        return []
    return remembered.holders("dept_handler", unit=case.handling_unit)


def _link(case: Case) -> str:
    name = "field:task" if case.state in ON_SITE else "command:case-detail"
    return reverse(name, args=[case.uid])


def tell_unit(case: Case, *, kind: str, title: str, body: str, level: str) -> None:
    """Tell the unit, or the inspector who is on site, something about the case."""
    if _quiet.get():
        return
    people = _audience(case, kind)
    notices.notify(
        people or [], kind=kind, title=title, body=body, link=_link(case), level=level
    )


def tell_deciders(case: Case, kind: RequestKind, *, by: User | None) -> None:
    """Tell those who decide that somebody asks for something."""
    roles = policies.deciding_roles(kind, processes.definition_of(case.process))
    people = [one for role in sorted(roles) for one in remembered.holders(role)]
    _send(
        (user for user in people if policies.in_division(case, user)),
        title=_("%(kind)s asked for: %(title)s")
        % {"kind": kind.label, "title": case.title},
        case=case,
        by=by,
    )


def tell_asker(request: CaseRequest, *, by: User) -> None:
    """Tell who asked what was decided."""
    if request.asked_by is None:
        return
    about = {
        "kind": request.get_kind_display(),
        "status": request.get_status_display(),
        "title": request.case.title,
    }
    title = _("%(kind)s: %(status)s: %(title)s") % about
    _send([request.asked_by], title=title, case=request.case, by=by)


def _send(people: Iterable[User], *, title: str, case: Case, by: User | None) -> None:
    if not _quiet.get():
        notices.notify(
            (user for user in people if by is None or user.pk != by.pk),
            kind="case",
            title=title,
            body=case.number,
            link=_link(case),
        )


def warn(people: Iterable[User], case: Case, *, title: str, level: str) -> None:
    """Tell people about a time limit of the case."""
    if not _quiet.get():
        notices.notify(
            people,
            kind="deadline",
            title=title,
            body=f"{case.number} {case.state_name}",
            link=_link(case),
            level=level,
        )


def people_of_role(case: Case, role: str) -> list[User]:
    """Who is meant by a role in a warning about this case.

    A unit without a leader of its own is told through its handlers.
    """
    if role in policies.HANDLERS:
        unit = case.handling_unit
        if unit is None:
            return []
        own = list(remembered.holders(role, unit=unit))
        return own or list(handlers(case))
    if role == "supervisor":
        return [case.field_inspector] if case.field_inspector else []
    found = remembered.holders(role)
    return [user for user in found if policies.in_division(case, user)]
