"""Uploads that come with a request."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.common.errors import DomainError
from platform_core.files.models import Attachment


def own_files(user: User, uids: Iterable[UUID]) -> list[Attachment]:
    """Uploads of this user that are not attached yet; all of them or an error."""
    wanted = set(uids)
    if not wanted:
        return []
    found = list(
        Attachment.objects.filter(uid__in=wanted, uploaded_by=user, target_type="")
    )
    if len(found) != len(wanted):
        message = _("There is no such upload of yours.")
        raise DomainError(message, fields={"attachments": message})
    return found
