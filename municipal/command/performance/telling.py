"""Messages of evaluation to units and people."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from municipal.command.services import telling
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import User
from platform_core.notices import services as notices
from platform_core.notices.enums import Level

from .models import Appeal, Run

KIND = "performance"
OF_UNITS = ("dept_leader", "dept_handler")
FIRST, SECOND = "dispatcher", "centre_manager"


def concerned(run: Run) -> Iterable[User]:
    """The people of the evaluated units, or the evaluated people themselves."""
    units = run.results.exclude(unit=None).values("unit")
    people = run.results.exclude(person=None).values("person")
    roles = Q(groups__name__in=OF_UNITS, unit__in=units)
    found: QuerySet[User] = User.objects.filter(
        roles | Q(pk__in=people), is_active=True
    )
    return found.distinct()


def _tell(people: Iterable[User], **words: str) -> None:
    if not telling.is_quiet():
        notices.notify(people, kind=KIND, **words)


def shown(run: Run) -> None:
    """A result is open for appeals."""
    with override(settings.LANGUAGE_CODE):
        _tell(
            concerned(run),
            title=_("Evaluation open for appeals: %s") % run,
            link=run.get_absolute_url(),
        )


def published(run: Run) -> None:
    """A result is published."""
    with override(settings.LANGUAGE_CODE):
        _tell(
            concerned(run),
            title=_("Evaluation published: %s") % run,
            body=run.reason,
            link=run.get_absolute_url(),
        )


def waiting(appeal: Appeal, role: str) -> None:
    """An appeal waits for a review."""
    with override(settings.LANGUAGE_CODE):
        _tell(
            accounts.users_with_role(role),
            title=_("Appeal to review: %s") % appeal,
            body=appeal.reason,
            link=appeal.get_absolute_url(),
            level=Level.WARNING,
        )


def decided(appeal: Appeal, opinion: str) -> None:
    """Whoever appealed hears how it ended."""
    with override(settings.LANGUAGE_CODE):
        _tell(
            [appeal.by],
            title=_("%(state)s: appeal %(appeal)s")
            % {"state": appeal.get_state_display(), "appeal": appeal},
            body=opinion,
            link=appeal.get_absolute_url(),
        )
