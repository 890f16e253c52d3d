"""How the class dictionary changes, and the change from one edition to the other.

[GB/T 30428.2, GB/T 47678.5]
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.classification.enums import Edition, Kind
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL


class RevisionState(models.TextChoices):
    """Whether a version of a class is valid."""

    SCHEDULED = "scheduled", _("Scheduled")
    EFFECTIVE = "effective", _("In effect")
    WITHDRAWN = "withdrawn", pgettext_lazy("class", "Withdrawn")


class ClassRevision(TimeStamped):
    """A version of a class: its name, conditions and limits from a day on."""

    edition = models.CharField(_("edition"), max_length=4, choices=Edition.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=5)
    number = models.PositiveIntegerField(_("version"))
    is_extension = models.BooleanField(_("extended class"), default=False)
    before = models.JSONField(_("before"), default=dict)
    values = models.JSONField(_("after"), default=dict)
    effective_on = models.DateField(_("effective on"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=RevisionState.choices,
        default=RevisionState.SCHEDULED,
    )
    note = models.CharField(_("remark"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("version of a class")
        verbose_name_plural = _("versions of classes")
        ordering = ("-pk",)
        default_permissions = ("view",)
        permissions = [("change_classes", "Can extend the class dictionary")]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "code", "number"], name="class_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.values.get('name', '')} v{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("basedata:class-revision", args=[self.pk])


class MoveState(models.TextChoices):
    """How far the change of the edition is."""

    DRAFT = "draft", pgettext_lazy("edition", "Being prepared")
    RUNNING = "running", pgettext_lazy("edition", "Running")
    DONE = "done", pgettext_lazy("edition", "Carried out")
    UNDOING = "undoing", pgettext_lazy("edition", "Being undone")
    UNDONE = "undone", pgettext_lazy("edition", "Undone")


class EditionMove(TimeStamped):
    """The change from the edition of 2013 to that of 2026."""

    title = models.CharField(_("title"), max_length=100)
    state = models.CharField(
        _("state"), max_length=9, choices=MoveState.choices, default=MoveState.DRAFT
    )
    decisions = models.JSONField(_("decisions"), default=dict)
    previous_edition = models.CharField(_("edition before"), max_length=4, blank=True)
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("change of the edition")
        verbose_name_plural = _("changes of the edition")
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("basedata:edition-move", args=[self.pk])


class CodeMove(models.Model):
    """A component or open case and the codes it had before and after."""

    move = models.ForeignKey(EditionMove, models.CASCADE, related_name="codes")
    kind = models.CharField(_("kind"), max_length=9)
    object_id = models.BigIntegerField(_("object number"))
    old_code = models.CharField(_("old code"), max_length=22, db_index=True)
    new_code = models.CharField(_("new code"), max_length=22, db_index=True)
    before = models.JSONField(_("before"), default=dict)
    undone = models.BooleanField(_("undone"), default=False)

    class Meta:
        verbose_name = _("changed code")
        verbose_name_plural = _("changed codes")
        ordering = ("pk",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint("move", "kind", "object_id", name="code_moved_once")
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_code}"
