"""Reminding people of what ends soon: a month, a week and a day before."""

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from exchange.operations.models import Reminder
from exchange.operations.selectors import endings
from exchange.operations.selectors.endings import Ending
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.notices import services as notices

BEFORE = (30, 7, 1)
KIND = "exchange_ending"


def remind() -> int:
    """Tell those who look after it, once for each of the three times; how many."""
    return sum(_remind(one) for one in endings.soon())


@transaction.atomic
def _remind(one: Ending) -> int:
    days = min((limit for limit in BEFORE if one.days <= limit), default=None)
    if days is None:
        return 0
    reminder, new = Reminder.objects.get_or_create(mark=one.mark[:200], days=days)
    if not new:
        return 0
    words = {"kind": one.kind, "subject": one.subject, "days": max(one.days, 0)}
    told = notices.notify(
        _holders(one.right),
        kind=KIND,
        level="warning",
        title=_("%(kind)s %(subject)s ends in %(days)s days") % words,
        body=one.platform,
        link=one.url,
    )
    data = {"subject": one.subject, "ends_at": one.ends_at, "told": told}
    audit.record("exchange.ending_told", reminder, data=data)
    return 1


def _holders(right: str) -> list[User]:
    """Active people who hold a permission by one of their roles."""
    app, _dot, codename = right.partition(".")
    rows = Permission.objects.filter(content_type__app_label=app, codename=codename)
    people = User.objects.active().filter(groups__permissions__in=rows)
    return list(people.distinct())
