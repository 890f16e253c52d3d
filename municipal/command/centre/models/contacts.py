"""The contact book, and notices to who is on duty."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.models import TimeStamped

from .sight import AdmittedQuerySet

USER = settings.AUTH_USER_MODEL


class Contact(TimeStamped):
    """Somebody, or a service, that the desk may have to call."""

    name = models.CharField(_("name"), max_length=60)
    group = models.CharField(_("group of contacts"), max_length=60, blank=True)
    unit_name = models.CharField(_("unit"), max_length=100, blank=True)
    position = models.CharField(_("position held"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    mobile = models.CharField(_("mobile phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contact book")
        ordering = ("group", "name", "pk")
        constraints = [
            models.UniqueConstraint("name", "unit_name", name="contact_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.unit_name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("centre:contact-edit", args=[self.pk])

    @property
    def number(self) -> str:
        """The number to call first."""
        return self.mobile or self.phone


class DutyNotice(models.Model):
    """Something said to people on duty, who confirm that they read it."""

    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), max_length=2000)
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    at = models.DateTimeField(_("sent at"), default=now)

    objects = AdmittedQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to the people on duty")
        verbose_name_plural = _("notices to the people on duty")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("centre:notice", args=[self.pk])


class NoticeReader(models.Model):
    """To whom a notice went, and when it was confirmed."""

    notice = models.ForeignKey(DutyNotice, models.CASCADE, related_name="readers")
    person = models.ForeignKey(
        USER, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    read_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        verbose_name = _("reader of a notice")
        verbose_name_plural = _("readers of notices")
        constraints = [
            models.UniqueConstraint("notice", "person", name="duty_notice_once")
        ]

    def __str__(self) -> str:
        return str(self.person)
