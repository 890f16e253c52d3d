"""Messages to people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now

from .enums import Level


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices of one reader."""

    def visible_to(self, user: object) -> "NoticeQuerySet":
        """A notice is seen by its recipient and by nobody else."""
        pk = getattr(user, "pk", None)
        return self.none() if pk is None else self.filter(recipient_id=pk)

    def unread(self) -> "NoticeQuerySet":
        """Those not read yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message to one person, with a link to what it is about."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("recipient"),
    )
    kind = models.CharField(_("kind"), max_length=40)
    level = models.CharField(
        _("level"), max_length=7, choices=Level.choices, default=Level.INFO
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    link = models.CharField(_("link"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("sent"), default=now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_recipient"),
            models.Index(
                fields=["recipient"],
                name="notice_unread",
                condition=models.Q(read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title
