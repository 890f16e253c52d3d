"""Two rows that may be the same thing, and what a person said about them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.fusion.enums import PairState
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .runs import Run
from .tasks import Task


class Pair(models.Model):
    """`left` and `right` are the records of the rows, the smaller one first.

    `parts` has for each rule its code and how much the two are alike by it; `facts`
    the values of both sides as they were compared. What a person decided counts
    for all runs to come.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    task = models.ForeignKey(
        Task, models.CASCADE, related_name="pairs", verbose_name=_("Fusion task")
    )
    left = models.UUIDField(_("First record"))
    right = models.UUIDField(_("Other record"))
    left_row = models.BigIntegerField(null=True)
    right_row = models.BigIntegerField(null=True)
    title = models.CharField(_("Records"), max_length=300, blank=True)
    score = models.FloatField(_("Score"))
    evidence = models.FloatField(_("Compared part"), default=0)
    parts = models.JSONField(_("Parts of the score"), default=list)
    facts = models.JSONField(_("Values"), default=dict)
    conflict = models.BooleanField(_("Contradicts other pairs"), default=False)
    state = models.CharField(
        _("State"), max_length=9, choices=PairState, default=PairState.OPEN
    )
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Decided by"),
    )
    note = models.CharField(_("Reason"), max_length=500, blank=True)
    found_at = models.DateTimeField(_("Found at"), default=now)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pair to be reviewed")
        verbose_name_plural = _("pairs to be reviewed")
        ordering = ("-score", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "left", "right"], name="one_fusion_pair"
            )
        ]
        indexes = [models.Index(fields=["task", "state", "-score"], name="pair_queue")]
        permissions = [("review_pair", "Can decide pairs of fusion")]

    def __str__(self) -> str:
        return self.title or f"{self.left} / {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("fusion:pair", args=[self.uid])
