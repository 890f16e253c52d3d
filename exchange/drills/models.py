"""The marked records that a drill sends."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import Record


class DrillRecord(Record):
    """A record without business: it says of which drill it is, and its number."""

    run = models.UUIDField(_("Drill"))
    number = models.PositiveIntegerField(_("Number"))
    receiver = models.CharField(_("Receiver"), max_length=9, blank=True)
    # Made to be refused by the receiver, until it is corrected.
    refuse = models.BooleanField(_("To be refused"), default=False)

    class Meta:
        verbose_name = _("record of a drill")
        verbose_name_plural = _("records of drills")
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "run", "receiver", "number"], name="drill_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.number}"
