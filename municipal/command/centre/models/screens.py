"""Screens of the wall: pages of panels, shown one after the other."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User
from platform_core.common.models import TimeStamped
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q


class ScreenQuerySet(models.QuerySet["Screen"]):
    """Screens as somebody may see them."""

    def visible_to(self, user: User) -> "ScreenQuerySet":
        """Those of the city for all who see walls; of a district for its own."""
        if user.is_superuser:
            return self.filter(pk__isnull=False)
        city = regions.own_division()
        if city.prefix.startswith(user.division_prefix):
            return self.filter(pk__isnull=False)
        own = range_q(user.division_prefix, "area")
        return self.filter(own | models.Q(area=city.code))


class Screen(TimeStamped):
    """What a wall shows: its pages, how long each stays, and where it looks.

    A page is {"title", "layout", "slots"}: the slots of the layout, each a list of
    panels one above the other.
    """

    name = models.CharField(_("name of the screen"), max_length=60, unique=True)
    area = models.CharField(_("area shown"), max_length=6)
    span = models.CharField(_("time span"), max_length=5, default="week")
    seconds = models.PositiveIntegerField(
        _("seconds until the next page"),
        default=0,
        help_text=_("0: the page stays until somebody turns it."),
    )
    pages = models.JSONField(_("pages"), default=list)
    revision = models.PositiveIntegerField(_("version"), default=1, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")
        ordering = ("name",)
        permissions = [
            ("view_wall", "Can look at the wall"),
            ("command_on_wall", "Can act and send messages from the wall"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("centre:screen", args=[self.pk])
