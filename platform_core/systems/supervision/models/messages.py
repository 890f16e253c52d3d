"""What the two ends of an assignment tell each other."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import Record
from platform_core.systems.supervision.enums import Effect, FeedbackKind, NoticeKind


class Message(Record):
    """A statement of one end about an assignment; never changed by the other."""

    assignment = models.ForeignKey(
        "supervision.Assignment",
        verbose_name=_("Assignment"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    content = models.TextField(_("Content"))
    made_at = models.DateTimeField(_("Made at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    unit_name = models.CharField(_("Unit name"), max_length=100, blank=True)
    by_name = models.CharField(_("By"), max_length=150, blank=True)
    wire_files = models.JSONField(default=list)
    effect = models.CharField(
        _("Effect"), max_length=8, choices=Effect, default=Effect.WAITING
    )

    class Meta:
        abstract = True
        ordering = ("made_at", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.made_at:%Y-%m-%d %H:%M}"


class Feedback(Message):
    """From the receiver to the issuer; travels as `supervision.feedback`.

    A progress report with a `result` is the answer to a supervision notice.
    """

    kind = models.CharField(_("Kind"), max_length=20, choices=FeedbackKind)
    percent = models.PositiveSmallIntegerField(_("Progress"), null=True)
    problems = models.TextField(_("Problems"), blank=True)
    result = models.TextField(_("Result of the work"), blank=True)
    wanted_deadline = models.DateTimeField(_("Wanted deadline"), null=True)

    class Meta(Message.Meta):
        verbose_name = _("Feedback")
        verbose_name_plural = _("Feedback")

    @property
    def is_reply(self) -> bool:
        """Whether this answers a supervision notice."""
        return self.kind == FeedbackKind.PROGRESS and bool(self.result)


class Notice(Message):
    """From the issuer to the receiver; travels as `supervision.notice`."""

    kind = models.CharField(_("Kind"), max_length=20, choices=NoticeKind)
    deadline = models.DateTimeField(_("Deadline"), null=True)
    score = models.DecimalField(_("Score"), max_digits=5, decimal_places=2, null=True)

    class Meta(Message.Meta):
        verbose_name = _("Notice to a receiver")
        verbose_name_plural = _("Notices to receivers")
