"""Who is told about a step: the next post, the unit, the tiers above."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command.enums import State
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.notices import services as notices
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
            % {"state": case.get_state_display(), "title": case.title},
            body=case.number,
            link=_link(case),
            level="urgent" if case.is_urgent else "info",
        )


def _audience(case: Case, action: str) -> Iterable[User] | None:
    if action == "apply_extend":
        return accounts.users_with_role("dispatcher")
    if case.state in OF_UNIT:
        return None if action == "sign" else handlers(case)
    if case.state in ON_SITE:
        return [case.field_inspector] if case.field_inspector else None
    post = POSTS.get(case.state)
    return accounts.users_with_role(post) if post else None


def handlers(case: Case) -> Iterable[User]:
    """The people of the unit that handles the case."""
    if case.handling_unit is None:
        return []
    return accounts.users_with_role("dept_handler", unit=case.handling_unit)


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
