"""Tell people, and note what they have read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction

from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now

from . import templates, texts
from .enums import Channel, Level
from .models import MessageTemplate, Notice

VERSION_SECONDS = 24 * 3600
AT_ONCE = 1000
NOTICES, PEOPLE = Notice._meta.db_table, User._meta.db_table
# The same words for everybody; the database makes the rows.
TELL = f"""
INSERT INTO {NOTICES} (recipient_id, kind, level, link, created_at, title, body)
SELECT id, %s, %s, %s, %s, %s, %s FROM {PEOPLE} WHERE id IN ({{}}) ORDER BY id
"""  # noqa: S608  names of our own tables


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
    people = {user.pk: user for user in recipients if user.is_active}
    if not people:
        return 0
    told, made = {"kind": kind, "level": level, "link": link}, now()
    template = templates.find(kind, Channel.APP, level)
    if template is None:
        _tell_all(list(people), {**told, "title": title[:200], "body": body}, made)
    else:
        Notice.objects.bulk_create(
            Notice(
                recipient_id=pk,
                created_at=made,
                **told,
                **_wording(template, user, title, body),
            )
            for pk, user in people.items()
        )
    texts.keep(people.values(), kind=kind, level=level, title=title, body=body)
    _announce(list(people))
    return len(people)


def _tell_all(readers: list[int], told: Mapping[str, str], made: datetime) -> None:
    """One INSERT for up to a thousand people."""
    values = [
        *(told[name] for name in ("kind", "level", "link")),
        connection.ops.adapt_datetimefield_value(made),
        *(told[name] for name in ("title", "body")),
    ]
    with connection.cursor() as cursor:
        for first in range(0, len(readers), AT_ONCE):
            some = readers[first : first + AT_ONCE]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(TELL.format(marks), [*values, *some])


def _wording(
    template: MessageTemplate, user: User, title: str, body: str
) -> dict[str, str]:
    """What is told, in the words that the administrator chose."""
    told = {"title": title, "body": body, "name": user.full_name}
    return {
        "title": templates.worded(template.title or "{title}", **told)[:200],
        "body": templates.worded(template.body or "{body}", **told),
    }


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
    # One command; whoever asks next makes a new version.
    keys = [_key(pk) for pk in readers]
    transaction.on_commit(lambda: cache.delete_many(keys))


def _key(user_id: int | str) -> str:
    return f"notices.version.{user_id}"


@transaction.atomic
def keep_template(*, template: MessageTemplate, by: audit.Actor) -> MessageTemplate:
    """Store a template that a form has checked; valid everywhere at once."""
    template.touch()
    template.save()
    words = {"title": template.title, "body": template.body}
    audit.record("template.kept", template, by=by, data=words)
    templates.renew()
    return template
