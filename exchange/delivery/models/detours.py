"""Leading calls to a peer another way for a while."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now

from .peers import Peer


class Detour(models.Model):
    """Until a moment, connections to a peer go to this address instead of its own.

    Host name, TLS and signatures stay those of the peer. A drill makes it; it ends by
    itself even if the drill does not come back.
    """

    peer = models.OneToOneField(Peer, models.CASCADE, related_name="detour")
    host = models.CharField(max_length=100)
    port = models.PositiveIntegerField()
    until = models.DateTimeField(_("Until"))
    created_at = models.DateTimeField(_("Since"), default=now)

    class Meta:
        verbose_name = _("detour")
        verbose_name_plural = _("detours")

    def __str__(self) -> str:
        return f"{self.peer_id} {self.host}:{self.port}"
