"""Messages to people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .enums import Channel, Level, TextState


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
        db_index=False,
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


class MessageTemplate(TimeStamped):
    """How messages of a kind are worded, and whether they go out as texts too.

    `{title}`, `{body}`, `{name}` and `{platform}` stand for what is told, the
    reader and this platform.
    """

    kind = models.CharField(_("kind of message"), max_length=40)
    channel = models.CharField(
        _("way of the message"), max_length=3, choices=Channel.choices
    )
    least_level = models.CharField(
        _("from this level on"),
        max_length=7,
        choices=Level.choices,
        default=Level.INFO,
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), max_length=500, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["kind", "channel"]
        constraints = [
            models.UniqueConstraint("kind", "channel", name="template_of_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.get_channel_display()}"


class TextMessage(models.Model):
    """A text message on its way to a telephone; kept until and after it is sent."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("recipient"),
    )
    phone = models.CharField(_("phone"), max_length=30)
    kind = models.CharField(_("kind of message"), max_length=40)
    text = models.CharField(_("text"), max_length=500)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=TextState.choices,
        default=TextState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=now)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        ordering = ["-pk"]
        indexes = [
            models.Index("due_at", name="text_due", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.phone}: {self.text[:40]}"
