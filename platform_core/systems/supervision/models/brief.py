"""What a task says, kept by its draft and by every assignment of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from platform_core.systems.supervision.enums import Category, FeedbackCycle, Priority


class Brief(models.Model):
    """The text of a task."""

    number = models.CharField(_("Number"), max_length=40)
    title = models.CharField(_("Title"), max_length=200)
    category = models.CharField(
        _("Category"), max_length=20, choices=Category, default=Category.SPECIAL_ACTION
    )
    content = models.TextField(_("Content"))
    requirement = models.TextField(_("Requirements"), blank=True)
    basis = models.CharField(_("Basis document"), max_length=300, blank=True)
    priority = models.CharField(
        _("Priority"), max_length=12, choices=Priority, default=Priority.NORMAL
    )
    feedback_cycle = models.CharField(
        _("Feedback cycle"),
        max_length=8,
        choices=FeedbackCycle,
        default=FeedbackCycle.WEEKLY,
    )
    sign_within_hours = models.PositiveSmallIntegerField(
        _("Sign within (hours)"), null=True, blank=True, default=24
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


BRIEF_FIELDS = (
    "title",
    "category",
    "content",
    "requirement",
    "basis",
    "priority",
    "feedback_cycle",
    "sign_within_hours",
)
