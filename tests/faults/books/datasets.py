"""The contract of entries. Applying it is on purpose not safe to do twice."""

from rest_framework import serializers

from platform_core.common.errors import DomainError
from platform_core.datasets.registry import Dataset, Outcome, register

from .models import Effect, Entry

INTERFACE = "books.entry"


class EntryData(serializers.ModelSerializer):
    """`data` of books.entry."""

    class Meta:
        model = Entry
        fields = ("amount",)


def apply(record):
    amount = record.data["amount"]
    if amount < 0:
        raise DomainError("below zero", code="range", fields={"amount": "below zero"})
    Effect.objects.create(uid=record.uid, revision=record.revision)
    Entry.objects.update_or_create(
        uid=record.uid,
        defaults={
            "origin": record.origin,
            "revision": record.revision,
            "amount": amount,
        },
    )
    return Outcome.APPLIED


register(
    Dataset(
        code=INTERFACE,
        version=1,
        name="Entries",
        direction="up",
        model=Entry,
        serializer=EntryData,
        apply=apply,
    )
)
