"""What a reader is shown of the notices."""

from django.contrib.auth.models import AnonymousUser

from platform_core.accounts.models import User

from .models import Notice

COUNT_LIMIT = 99  # the bell shows no larger number


def latest(user: User | AnonymousUser, count: int = 5) -> list[Notice]:
    """The newest notices of a reader."""
    return list(Notice.objects.visible_to(user)[:count])


def unread_count(user: User | AnonymousUser) -> int:
    """How many are unread, counted no further than anybody reads."""
    unread = Notice.objects.visible_to(user).unread().order_by()
    return unread[: COUNT_LIMIT + 1].count()
