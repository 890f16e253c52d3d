"""What has versions: a draft that changes, one that counts, older ones."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.fusion.enums import Life
from platform_core.common.models import TimeStamped


class Version(TimeStamped):
    """A state of something at a time; only a draft changes."""

    number = models.PositiveSmallIntegerField(_("Version"), default=1)
    state = models.CharField(
        _("State"), max_length=10, choices=Life, default=Life.DRAFT
    )
    note = models.CharField(_("What is new"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Made by"),
    )
    published_at = models.DateTimeField(_("Published"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.state == Life.DRAFT
