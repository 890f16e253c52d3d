"""Tell people, and note what they have read."""

from collections.abc import Iterable
from typing import cast
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction

from platform_core.accounts.models import User
from platform_core.common.clock import now

from .enums import Level
from .models import Notice

VERSION_SECONDS = 24 * 3600


def notify(
    recipients: Iterable[User],
    *,
    kind: str,
    title: str,
    body: str = "",
    link: str = "",
    level: str = Level.INFO,
) -> int:
    """Send one message to each person once, in one INSERT; how many were told.

    `link` is a path of this platform, so that no notice leads elsewhere.
    """
    if link and (not link.startswith("/") or link.startswith(("//", "/\\"))):
        raise ValueError(f"a notice links to a path of this platform, not {link!r}")
    readers = list(dict.fromkeys(user.pk for user in recipients if user.is_active))
    made = now()
    Notice.objects.bulk_create(
        Notice(
            recipient_id=pk,
            kind=kind,
            level=level,
            title=title[:200],
            body=body,
            link=link,
            created_at=made,
        )
        for pk in readers
    )
    _announce(readers)
    return len(readers)


def mark_read(*, by: User | AnonymousUser, notices: Iterable[int] | None = None) -> int:
    """Mark a reader's own notices as read, all of them without `notices`."""
    unread = Notice.objects.visible_to(by).unread()
    if notices is not None:
        unread = unread.filter(pk__in=list(notices))
    changed = unread.update(read_at=now())
    if changed:
        _announce([cast(int, by.pk)])
    return changed


def version(user_id: int | str) -> str:
    """What the reader's bell shows, as a mark that changes with it; no query."""
    key = _key(user_id)
    found: str | None = cache.get(key)
    if found is None:
        cache.add(key, uuid4().hex, VERSION_SECONDS)
        found = cache.get(key)
    return found or ""


def _announce(readers: list[int]) -> None:
    versions = {_key(pk): uuid4().hex for pk in readers}
    transaction.on_commit(lambda: cache.set_many(versions, VERSION_SECONDS))


def _key(user_id: int | str) -> str:
    return f"notices.version.{user_id}"
