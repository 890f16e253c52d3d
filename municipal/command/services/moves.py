"""One step being made: the case, what was given, and what is kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from municipal.command import inspectors
from municipal.command.models import Case
from platform_core.accounts import selectors as accounts
from platform_core.accounts.models import OrgUnit, User
from platform_core.common.errors import DomainError
from platform_core.files import services as files
from platform_core.files.models import Attachment


@dataclass
class Move:
    """A step on its way: effects read `given` and write `kept` and `counted`."""

    case: Case
    action: str
    by: User | None
    note: str
    now: datetime
    given: Mapping[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    pictures: list[tuple[str, Sequence[Attachment]]] = field(default_factory=list)

    @property
    def attachments(self) -> Sequence[Attachment]:
        found: Sequence[Attachment] = self.given.get("attachments") or ()
        return found

    def keep_pictures(self, purpose: str) -> None:
        """Attach what came with the step under this purpose."""
        self.add_pictures(purpose, self.attachments)

    def add_pictures(self, purpose: str, attachments: Sequence[Attachment]) -> None:
        """Attach these once the step is made."""
        if attachments:
            self.pictures.append((purpose, attachments))
            self.kept["files"] = self.kept.get("files", 0) + len(attachments)

    def attach(self) -> None:
        """Write the attachments that the effects asked for."""
        for purpose, attachments in self.pictures:
            files.attach(attachments, self.case, purpose=purpose)


def refuse(field_name: str, message: str) -> DomainError:
    """An error about one thing that was given."""
    return DomainError(message, fields={field_name: message})


def unit(move: Move, name: str = "unit") -> OrgUnit:
    """The organisation that was named, by object or code."""
    value = move.given.get(name)
    found = value if isinstance(value, OrgUnit) else None
    if value and found is None:
        found = accounts.unit_by_code(str(value))
    if found is None or not found.is_active:
        raise refuse(name, _("Choose a unit that handles the case."))
    return found


def inspector(move: Move) -> User:
    """The inspector who was named, else whoever is in charge of the place."""
    case, value = move.case, move.given.get("inspector")
    if isinstance(value, User):
        return value
    if value:
        people = accounts.users_with_role("supervisor")
        found = people.filter(username=str(value)).first()
    else:
        found = inspectors.find(case)
    if found is None:
        raise refuse("inspector", _("Choose an inspector who goes to the place."))
    return found


def moment(move: Move, name: str, *, furthest: int) -> datetime:
    """A moment in the future, at most `furthest` days away."""
    value = _as_moment(move.given.get(name))
    days = (value - move.now).total_seconds() / 86400 if value else 0
    if value is None or not 0 < days <= furthest + 1:
        text = _("Give a day within the next %(days)s days.") % {"days": furthest}
        raise refuse(name, text)
    return value


def _as_moment(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = parse_datetime(value) or parse_date(value)
        except ValueError:  # the form of a day, but there is none
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59))
    if isinstance(value, datetime):
        return timezone.make_aware(value) if timezone.is_naive(value) else value
    return None


def number(move: Move, name: str, *, default: float, most: float) -> float:
    """A positive number up to a limit."""
    value = move.given.get(name)
    try:
        found = float(default if value in (None, "") else value)
    except (TypeError, ValueError):
        found = 0
    if not 0 < found <= most:
        raise refuse(name, _("Give a number up to %(most)g.") % {"most": most})
    return found


def other_case(move: Move, name: str = "duplicate_of") -> Case | None:
    """The case that this one repeats, by object, number or uid."""
    value = move.given.get(name)
    if not value or isinstance(value, Case):
        return value or None
    found = Case.objects.filter(_key(str(value))).exclude(pk=move.case.pk).first()
    if found is None:
        raise refuse(name, _("There is no such case."))
    return found


def _key(value: str) -> Q:
    try:
        return Q(uid=UUID(value))
    except ValueError:
        return Q(number=value)
