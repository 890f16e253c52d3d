"""Holders of sources hear of their duties, once for all that is new."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from exchange.aggregation.cleansing.enums import DUE
from exchange.aggregation.cleansing.models import Sender
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.notices import services as notices

NOTICE = "cleansing"
URGE_EVERY = timedelta(hours=20)


def stewards() -> "QuerySet[User]":
    """Who handles the problems that nobody answers for."""
    right = Permission.objects.filter(
        content_type__app_label="cleansing", codename="handle_problem"
    )
    found: QuerySet[User] = (
        User.objects.active().filter(groups__permissions__in=right).distinct()
    )
    return found


def tell() -> int:
    """One message to each holder with new duties; how many were told."""
    new = Sender.objects.annotate(
        due=Count("problems", filter=Q(problems__state__in=DUE)),
        newest=Max("problems__assigned_at", filter=Q(problems__state__in=DUE)),
    ).filter(Q(told_at__isnull=True) | Q(newest__gt=F("told_at")), due__gt=0)
    local = [sender for sender in new.select_related("holder") if sender.is_local]
    return sum(_tell(one, one.due, one.newest) for one in local)


@transaction.atomic
def _tell(sender: Sender, due: int, newest: datetime) -> int:
    # Compare and set: two workers never tell twice.
    mine = Sender.objects.filter(pk=sender.pk, told_at=sender.told_at)
    if not mine.update(told_at=newest):
        return 0
    return notices.notify(
        [sender.holder] if sender.holder else stewards(),
        kind=NOTICE,
        title=_("%(count)d problems in the data of %(source)s")
        % {"count": due, "source": sender.name},
        body=_("Correct the data and send it again, or say why it is right."),
        link=reverse("cleansing:duty-list"),
        level="warning",
    )


def urge() -> int:
    """Remind holders of overdue duties once a day, and the stewards; how many."""
    moment = now()
    late = Q(problems__state__in=DUE, problems__due_at__lt=moment)
    again = Q(urged_at__isnull=True) | Q(urged_at__lt=moment - URGE_EVERY)
    rows = Sender.objects.filter(again).annotate(late=Count("problems", filter=late))
    found = rows.filter(late__gt=0).select_related("holder")
    return sum(_urge(one, one.late, moment) for one in found)


@transaction.atomic
def _urge(sender: Sender, late: int, moment: datetime) -> int:
    mine = Sender.objects.filter(pk=sender.pk, urged_at=sender.urged_at)
    if not mine.update(urged_at=moment):
        return 0
    audit.record("cleansing.sender_urged", sender, data={"late": late})
    title = _("%(count)d problems in the data of %(source)s are overdue")
    words = {"count": late, "source": sender.name}
    people = {one.pk: one for one in stewards()}
    if sender.holder is not None and sender.is_local:
        people.pop(sender.holder.pk, None)
        _remind([sender.holder], title % words, reverse("cleansing:duty-list"))
    link = reverse("cleansing:problem-list") + "?late=true"
    _remind(people.values(), title % words, link)
    return 1


def _remind(people: Iterable[User], title: str, link: str) -> None:
    notices.notify(
        people,
        kind=NOTICE,
        title=title,
        body=_("Correct the data and send it again, or say why it is right."),
        link=link,
        level="warning",
    )
