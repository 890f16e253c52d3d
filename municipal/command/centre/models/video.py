"""Video points, patrols by video, and what video analysis sees."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.centre.desk_enums import HitState, PointKind, PointState
from platform_core.accounts.scoping import division_q
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .sight import AdmittedQuerySet

USER = settings.AUTH_USER_MODEL
VIEW = "centre.view_video"


class StreamServer(TimeStamped):
    """A server of streams that pages may play from; nothing else is played."""

    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(
        _("address"),
        max_length=200,
        unique=True,
        help_text=_("https://host or https://host:port, as browsers reach it."),
    )
    allow_private = models.BooleanField(
        _("may lie in a private network"), default=False
    )
    is_active = models.BooleanField(_("in use"), default=True)
    revision = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stream server")
        verbose_name_plural = _("stream servers")
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.address}"

    def get_absolute_url(self) -> str:
        return reverse("centre:server-edit", args=[self.pk])


class VideoQuerySet(models.QuerySet[Any]):
    """Points of the user's divisions, for who may see video."""

    field = "division_code"

    def visible_to(self, user: Any) -> Self:
        """Those inside the user's divisions."""
        if not user.has_perm(VIEW):
            return self.none()
        return self.filter(division_q(user, self.field))


class VideoPoint(TimeStamped):
    """A camera with its place, its stream and who it belongs to."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    group = models.CharField(_("group of points"), max_length=60, blank=True)
    kind = models.CharField(
        _("kind"), max_length=8, choices=PointKind.choices, default=PointKind.FIXED
    )
    division_code = models.CharField(_("district"), max_length=6, editable=False)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(editable=False)
    stream = models.CharField(
        _("address of the stream (HLS)"), max_length=300, blank=True
    )
    replay = models.CharField(
        _("address of the recording"),
        max_length=300,
        blank=True,
        help_text=_("With {begin} and {end}: moments in UTC, 20261001T080000Z."),
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=PointState.choices,
        default=PointState.UNKNOWN,
    )
    owner = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = VideoQuerySet.as_manager()

    class Meta:
        verbose_name = _("video point")
        verbose_name_plural = _("video points")
        ordering = ("code",)
        permissions = [
            ("view_video", "Can watch video"),
            ("manage_video", "Can change video points, servers and patrols"),
            ("review_detection", "Can confirm or reject what analysis saw"),
            ("push_detection", "Can send what analysis saw"),
        ]
        indexes = [
            models.Index("cell", name="video_cell"),
            models.Index("division_code", "group", name="video_tree"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("centre:video-point", args=[self.pk])


class VideoPlan(TimeStamped):
    """Points that are looked at in order, again and again."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    points = models.JSONField(_("points in order"), default=list)
    interval = models.PositiveIntegerField(_("minutes between two walks"), default=120)
    people: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        USER, related_name="+", blank=True, verbose_name=_("who walks")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    last_at = models.DateTimeField(_("last walk"), null=True, editable=False)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("video patrol")
        verbose_name_plural = _("video patrols")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("centre:video-plan", args=[self.pk])

    @property
    def due_at(self) -> Any:
        """When the next walk is due."""
        return (self.last_at or self.created_at) + timedelta(minutes=self.interval)


class VideoWalk(models.Model):
    """One walk along the points of a plan."""

    plan = models.ForeignKey(VideoPlan, models.CASCADE, related_name="walks")
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("walked by")
    )
    started_at = models.DateTimeField(_("walk begun at"), default=now)
    ended_at = models.DateTimeField(_("walk ended at"), null=True)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("walk by video")
        verbose_name_plural = _("walks by video")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                "plan", "by", name="video_walk_open_once", condition=Q(ended_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.started_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("centre:video-walk", args=[self.pk])


class VideoLook(models.Model):
    """A point of a walk, and what was found there."""

    walk = models.ForeignKey(VideoWalk, models.CASCADE, related_name="looks")
    point = models.ForeignKey(VideoPoint, models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField()
    looked_at = models.DateTimeField(_("looked at"), null=True)
    finding = models.CharField(_("finding"), max_length=300, blank=True)
    case = models.ForeignKey(
        "command.Case",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("case"),
    )

    class Meta:
        verbose_name = _("look at a point")
        verbose_name_plural = _("looks at points")
        ordering = ("order",)
        constraints = [models.UniqueConstraint("walk", "order", name="video_look_once")]

    def __str__(self) -> str:
        return f"{self.order} {self.point_id}"


class DetectionQuerySet(VideoQuerySet):
    """What was seen at points of the user's divisions."""

    field = "point__division_code"


class Detection(models.Model):
    """Something that video analysis saw; a person confirms or rejects it."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    sender = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    external_id = models.CharField(_("their number"), max_length=64)
    point = models.ForeignKey(
        VideoPoint,
        models.PROTECT,
        related_name="detections",
        verbose_name=_("video point"),
    )
    label = models.CharField(_("what was seen"), max_length=60)
    class_kind = models.CharField(max_length=10, blank=True)
    class_code = models.CharField(_("class code"), max_length=6, blank=True)
    confidence = models.FloatField(_("confidence"))
    at = models.DateTimeField(_("seen at"))
    received_at = models.DateTimeField(_("received at"), default=now)
    state = models.CharField(
        _("state"), max_length=9, choices=HitState.choices, default=HitState.WAITING
    )
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    case = models.OneToOneField(
        "command.Case",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("case"),
    )

    objects = DetectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of video analysis")
        verbose_name_plural = _("results of video analysis")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint("sender", "external_id", name="detection_once"),
            models.CheckConstraint(
                name="detection_confidence",
                condition=Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="detection_confirmed_has_case",
                condition=~Q(state="confirmed") | Q(case__isnull=False),
            ),
        ]
        indexes = [models.Index("state", "at", name="detection_state")]

    def __str__(self) -> str:
        return f"{self.label} {self.external_id}"

    def get_absolute_url(self) -> str:
        return reverse("centre:hit", args=[self.uid])

    @property
    def case_link(self) -> str:
        """The page of the case it became."""
        return self.case.get_absolute_url() if self.case else ""
