"""What can be done on a phone: a function per kind of entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.common.errors import DomainError
from platform_core.files.models import Attachment, PartialUpload


class NotYet(Exception):
    """Something that the entry names has not arrived: it waits."""


@dataclass(frozen=True)
class Entry:
    """What a function is given: who did what, and when by the platform's clock."""

    by: User
    payload: Mapping[str, Any]
    happened_at: datetime
    results: Callable[[UUID], Mapping[str, Any] | None]
    clock_wrong: bool = False

    def files(self, name: str) -> list[Attachment]:
        """The uploads that the payload lists; NotYet while one is on its way."""
        wanted = [str(uid) for uid in self.payload.get(name) or ()]
        found = {
            str(upload.uid): upload
            for upload in PartialUpload.objects.filter(
                uid__in=wanted, by=self.by
            ).select_related("attachment")
        }
        rows = [found.get(uid) for uid in wanted]
        if any(row is None or row.attachment is None for row in rows):
            raise NotYet
        return [row.attachment for row in rows if row and row.attachment]

    def result_of(self, name: str) -> Mapping[str, Any]:
        """What an earlier entry of the same phone, named in the payload, came to."""
        found = self.results(UUID(str(self.payload[name])))
        if found is None:
            raise DomainError(_("What this refers to was not accepted."))
        return found


Apply = Callable[[Entry], Mapping[str, Any]]
_kinds: dict[str, Apply] = {}


def register(kind: str, apply: Apply) -> None:
    """Have a function apply entries of a kind; it gives what the phone is told."""
    _kinds[kind] = apply


def find(kind: str) -> Apply | None:
    """The function of a kind."""
    return _kinds.get(kind)
