"""Grids and components: where something is and whose it is.

[GB/T 30428.1, GB/T 47678.3, GB/T 47678.5]
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import ComponentStatus
from platform_core.accounts.models import User
from platform_core.common.models import TimeStamped
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q


class DutyGrid(TimeStamped):
    """Adjacent unit grids that one inspector patrols."""

    code = models.CharField(
        _("code"),
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^\d{12}[ZGPK]\d{3}$")],
    )
    name = models.CharField(_("name"), max_length=100)
    community = models.ForeignKey(
        "regions.Division",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("community"),
    )
    supervisors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="duty_grids",
        verbose_name=_("inspectors"),
    )
    is_sample = models.BooleanField(_("generated sample"), default=False)

    class Meta:
        verbose_name = _("duty grid")
        verbose_name_plural = _("duty grids")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class UnitGrid(TimeStamped):
    """The smallest cell of management, about ten thousand square metres."""

    code = models.CharField(
        _("code"), max_length=15, unique=True, validators=[RegexValidator(r"^\d{15}$")]
    )
    community = models.ForeignKey(
        "regions.Division",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("community"),
    )
    duty_grid = models.ForeignKey(
        DutyGrid,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="unit_grids",
        verbose_name=_("duty grid"),
    )
    geometry = models.JSONField(_("geometry"))
    lon = models.FloatField(_("longitude of the middle"))
    lat = models.FloatField(_("latitude of the middle"))
    area = models.FloatField(_("area in square metres"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    class Meta:
        verbose_name = _("unit grid")
        verbose_name_plural = _("unit grids")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                name="unit_grid_period_in_order",
                condition=models.Q(valid_to=None)
                | models.Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class ComponentQuerySet(models.QuerySet["Component"]):
    """Components as somebody may see them."""

    def visible_to(self, user: User) -> "ComponentQuerySet":
        """Those inside the user's divisions, told by code and unit grid."""
        if not user.is_superuser and not user.has_perm("command.view_component"):
            return self.none()
        prefix = user.division_prefix
        if regions.own_division().prefix.startswith(prefix):
            return self.all()
        return self.filter(range_q(prefix, "code" if len(prefix) <= 6 else "grid_code"))

    def in_place(self) -> "ComponentQuerySet":
        """Without those that were removed."""
        return self.filter(valid_to=None)


class Component(TimeStamped):
    """A managed thing in the street: a manhole cover, a lamp, a tree."""

    code = models.CharField(
        _("code"),
        max_length=17,
        unique=True,
        validators=[RegexValidator(r"^\d{16,17}$")],
    )
    edition = models.CharField(_("edition"), max_length=4)
    class_code = models.CharField(_("class"), max_length=6)
    class_name = models.CharField(_("class name"), max_length=60)
    managing_unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("managing unit"),
    )
    owning_unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("owning unit"),
    )
    maintaining_unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("maintaining unit"),
    )
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(_("cell"))
    geometry = models.JSONField(_("line or area"), null=True, blank=True)
    grid_code = models.CharField(_("unit grid"), max_length=15)
    address = models.CharField(_("address"), max_length=200, blank=True)
    status = models.CharField(
        _("condition"),
        max_length=9,
        choices=ComponentStatus.choices,
        default=ComponentStatus.INTACT,
    )
    surveyed_on = models.DateField(_("surveyed on"))
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    valid_to = models.DateField(_("removed on"), null=True, blank=True)
    data_source = models.CharField(_("data source"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    attributes = models.JSONField(_("further attributes"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ("code",)
        indexes = [
            models.Index(fields=["grid_code", "code"], name="component_grid"),
            # Those of a cell lie in as many pages of the table: none has to be read.
            models.Index(
                fields=["cell"],
                name="component_around",
                include=["id", "lon", "lat"],
                condition=Q(valid_to=None),
            ),
            models.Index(fields=["class_code", "code"], name="component_class"),
            models.Index(fields=["updated_at", "id"], name="component_changed"),
            models.Index(
                fields=["status", "code"],
                name="component_not_intact",
                condition=~Q(status=ComponentStatus.INTACT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("basedata:component-detail", args=[self.code])
