"""Systems of departments that speak no protocol of ours."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.connectors import sealing
from exchange.connectors.enums import SourceKind, SourceState
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped


class Source(TimeStamped):
    """A database, an interface, a folder or a topic that data comes from."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("Name"), max_length=100, unique=True)
    department = models.CharField(_("Department"), max_length=100, blank=True)
    contact = models.CharField(_("Contact"), max_length=100, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=SourceKind)
    settings = models.JSONField(_("Settings"), default=dict)
    sealed = models.TextField(blank=True, editable=False)
    allow_private = models.BooleanField(
        _("The address may lie in a private network"), default=False
    )
    state = models.CharField(
        _("State"), max_length=10, choices=SourceState, default=SourceState.UNTESTED
    )
    tested_at = models.DateTimeField(_("Last test"), null=True, blank=True)
    error = models.CharField(_("Last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)
        permissions = [
            ("manage_source", "Can register and change sources"),
            ("test_source", "Can test sources and look at samples"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("connectors:source", args=[self.uid])

    @property
    def secret(self) -> str:
        """The password, token or private key, opened."""
        return sealing.open_(self.sealed)
