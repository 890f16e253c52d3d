"""Writing entries, as the web part of a platform would."""

from random import Random

from django.db import transaction

from platform_core.common.models import own_node
from platform_core.datasets import services as datasets

from .datasets import INTERFACE
from .models import Entry


@transaction.atomic
def write(*, made: int, changed: int, random: Random) -> None:
    """Some new entries and some new revisions, in one transaction."""
    for _ in range(made):
        entry = Entry.objects.create(amount=random.randint(0, 10**6))
        datasets.publish(INTERFACE, entry)
    own = list(Entry.objects.filter(origin=own_node()).order_by("-pk")[:30])
    for entry in random.sample(own, min(changed, len(own))):
        entry.amount = random.randint(0, 10**6)
        entry.revise()
        entry.save()
        datasets.publish(INTERFACE, entry)


@transaction.atomic
def put(*, amount: int, uid: str | None = None) -> str:
    """One entry with this amount, new or corrected; its uid."""
    entry = Entry.objects.get(uid=uid) if uid else Entry(amount=0)
    if uid:
        entry.revise()
    entry.amount = amount
    entry.save()
    datasets.publish(INTERFACE, entry)
    return str(entry.uid)
