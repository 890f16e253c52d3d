"""Rules that watch the exchange, in versions, and the alarms they raise."""

from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer
from exchange.operations.enums import (
    UNITS,
    AlarmEvent,
    AlarmState,
    RuleKind,
    Severity,
)
from platform_core.common.clock import now


class AlarmRule(models.Model):
    """One version of a rule; the one in force counts, older ones are kept."""

    code = models.SlugField(_("Code"), max_length=40)
    version = models.PositiveIntegerField(_("Version"), default=1)
    in_force = models.BooleanField(default=True)
    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind of alarm"), max_length=10, choices=RuleKind)
    # Minutes for times, per cent for shares: see the kind.
    threshold = models.PositiveIntegerField(_("Threshold"))
    window_hours = models.PositiveSmallIntegerField(_("Window (hours)"), default=1)
    compared_days = models.PositiveSmallIntegerField(_("Days compared"), default=7)
    same_weekday = models.BooleanField(_("Same weekday only"), default=False)
    least = models.PositiveIntegerField(_("Least number"), default=0)
    # Codes; none: all.
    peers = models.JSONField(_("Platforms"), default=list, blank=True)
    interfaces = models.JSONField(_("Interfaces watched"), default=list, blank=True)
    severity = models.CharField(_("Severity"), max_length=8, choices=Severity)
    roles = models.JSONField(_("Roles that are told"), default=list, blank=True)
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("Quiet until"), null=True, blank=True)
    active = models.BooleanField(_("In use"), default=True)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("Since"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("alarm rule")
        verbose_name_plural = _("alarm rules")
        ordering = ("code", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="rule_version_once"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(in_force=True),
                name="one_rule_in_force",
            ),
        ]
        permissions = [("manage_rules", "Can change the rules of alarms")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("operations:rule", args=[self.code])

    @property
    def unit(self) -> str:
        """What the threshold is counted in."""
        return str(UNITS[RuleKind(self.kind)])

    def quiet(self, moment: datetime) -> bool:
        """Is nobody to be woken at this moment?"""
        if self.quiet_from is None or self.quiet_to is None:
            return False
        at = timezone.localtime(moment).time()
        return _between(at, self.quiet_from, self.quiet_to)


def _between(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


class Alarm(models.Model):
    """Something a rule found; at most one unresolved for a rule and an object."""

    rule = models.ForeignKey(AlarmRule, models.PROTECT, related_name="alarms")
    rule_code = models.SlugField(max_length=40)
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="alarms")
    interface = models.CharField(_("Interface"), max_length=80, blank=True)
    severity = models.CharField(_("Severity"), max_length=8, choices=Severity)
    state = models.CharField(
        _("State"), max_length=12, choices=AlarmState, default=AlarmState.OPEN
    )
    value = models.FloatField(_("Measured"))
    worst = models.FloatField(_("Worst"))
    threshold = models.PositiveIntegerField(_("Threshold"))
    opened_at = models.DateTimeField(_("Since"), default=now)
    seen_at = models.DateTimeField(_("Last seen"), default=now)
    told_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("Acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Acknowledged by"),
    )
    resolved_at = models.DateTimeField(_("Over"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm of the exchange")
        verbose_name_plural = _("alarms of the exchange")
        ordering = ("-opened_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "peer", "interface"],
                condition=models.Q(resolved_at__isnull=True),
                name="one_active_alarm",
            )
        ]
        indexes = [
            models.Index(
                fields=["severity"],
                name="alarm_active",
                condition=models.Q(resolved_at__isnull=True),
            )
        ]
        permissions = [("handle_alarm", "Can acknowledge alarms and explain outages")]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.rule.name, str(self.peer), self.interface)))

    def get_absolute_url(self) -> str:
        return reverse("operations:alarm", args=[self.pk])

    @property
    def duration(self) -> float:
        """Seconds from its beginning to its end, or until now."""
        return ((self.resolved_at or now()) - self.opened_at).total_seconds()


class AlarmStep(models.Model):
    """What happened to an alarm; rows are only added."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="steps")
    event = models.CharField(max_length=12, choices=AlarmEvent)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of an alarm")
        verbose_name_plural = _("steps of alarms")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.event}"

    @property
    def title(self) -> str:
        return str(self.get_event_display())

    @property
    def by_name(self) -> str:
        return str(self.by) if self.by else ""
