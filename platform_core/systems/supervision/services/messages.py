"""Making a message at this end: effect, announcement, audit, people told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.audit.services import record
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.datasets.services import publish
from platform_core.files import services as files
from platform_core.files.models import Attachment as File
from platform_core.systems.supervision import people
from platform_core.systems.supervision.models import Assignment, Feedback, Notice

from .events import take_own

AUDIT = {
    "received": "assignment.received",
    "progress": "assignment.reported",
    "submitted": "assignment.submitted",
    "extension_request": "assignment.extension_requested",
    "urge": "assignment.urged",
    "supervise": "assignment.supervised",
    "extend": "assignment.extended",
    "refuse_extension": "assignment.extension_refused",
    "accept": "assignment.accepted",
    "return": "assignment.returned",
    "withdraw": "assignment.withdrawn",
    "close": "assignment.closed",
}


@dataclass(frozen=True)
class Author:
    """Who speaks, as the other end will read it."""

    unit: str
    name: str = ""
    phone: str = ""

    @classmethod
    def of(cls, user: User | None) -> "Author":
        """A person with the unit, or this platform itself."""
        if user is None:
            return cls(unit=str(settings.NODE_NAME))
        unit = user.unit.name if user.unit else str(settings.NODE_NAME)
        return cls(unit=unit, name=str(user), phone=user.phone)


def say_up(
    assignment: Assignment,
    kind: str,
    *,
    by: User,
    content: str,
    attachments: Iterable[File] = (),
    **values: Any,
) -> Feedback:
    """A feedback of the receiving end."""
    message = Feedback(kind=kind, content=content.strip(), **values)
    message.made_at = _after(assignment.heard_at)
    _say(assignment, message, by=by, attachments=attachments)
    if not assignment.is_local:
        publish("supervision.feedback", message)
    return message


def say_down(
    assignment: Assignment,
    kind: str,
    *,
    by: User | None,
    content: str,
    attachments: Iterable[File] = (),
    **values: Any,
) -> Notice:
    """A notice of the issuing end."""
    message = Notice(kind=kind, content=content.strip(), **values)
    message.made_at = now()
    _say(assignment, message, by=by, attachments=attachments)
    if not assignment.is_local:
        publish("supervision.notice", message)
    return message


def _after(moment: datetime | None) -> datetime:
    """Now, and in any case later than what was said before."""
    present = now()
    if moment is None or present > moment:
        return present
    return moment + timedelta(microseconds=1)


def _say(
    assignment: Assignment,
    message: Feedback | Notice,
    *,
    by: User | None,
    attachments: Iterable[File],
) -> None:
    author = Author.of(by)
    given = usable(attachments, by=by)
    message.assignment, message.by = assignment, by
    message.unit_name, message.by_name = author.unit, author.name
    message.wire_files = [files.wire(file) for file in given]
    take_own(assignment, message, by=by)
    files.attach(given, message, purpose=message.kind)
    record(AUDIT[message.kind], assignment, by=by, data={"content": message.content})
    if assignment.is_local:
        people.tell_other_end(assignment, message)


def usable(attachments: Iterable[File], *, by: User | None) -> Sequence[File]:
    """The files, which the user must have uploaded."""
    given = list(attachments)
    if any(by is None or file.uploaded_by_id != by.pk for file in given):
        raise DomainError(
            _("Only files you uploaded yourself can be attached."),
            fields={"attachments": _("Please upload the file again.")},
        )
    return given


def needed(value: str, field: str) -> str:
    """A text that may not be empty."""
    text = value.strip()
    if not text:
        raise DomainError(
            _("Please fill in what is missing."),
            code="required",
            fields={field: _("This is required.")},
        )
    return text
