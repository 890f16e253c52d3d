"""Entries that cross, and a trace of every time one was taken in."""

from django.db import models

from platform_core.common.models import Record


class Entry(Record):
    """A record with an amount."""

    amount = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.uid} r{self.revision}"


class Effect(models.Model):
    """Taking in an entry had this effect; a second one for a revision is a fault."""

    uid = models.UUIDField()
    revision = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.uid} r{self.revision}"
