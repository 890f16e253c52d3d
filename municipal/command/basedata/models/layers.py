"""Thematic layers: the places that field surveys take samples from."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import User
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.regions.codes import range_q


class LayerKind(TimeStamped):
    """A kind of place with the attributes that are kept of it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    geometries = models.JSONField(_("kinds of geometry"), default=list)
    fields = models.JSONField(_("attributes"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("thematic layer")
        verbose_name_plural = _("thematic layers")
        ordering = ("order", "code")

    def __str__(self) -> str:
        english = self.name_en and (get_language() or "").startswith("en")
        return self.name_en if english else self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('basedata:feature-list')}?kind={self.code}"


class LayerFeatureQuerySet(models.QuerySet["LayerFeature"]):
    """Features as somebody may see them."""

    def visible_to(self, user: User) -> "LayerFeatureQuerySet":
        """Those inside the user's divisions."""
        if not user.is_superuser and not user.has_perm("basedata.view_layerfeature"):
            return self.none()
        return self.filter(range_q(user.division_prefix[:6], "district_code"))

    def in_use(self) -> "LayerFeatureQuerySet":
        """Without those that were taken out."""
        return self.filter(valid_to=None)


class LayerFeature(TimeStamped):
    """One road, lane, park, market … of a layer."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.ForeignKey(
        LayerKind, models.PROTECT, related_name="features", verbose_name=_("layer")
    )
    name = models.CharField(_("name"), max_length=100)
    district_code = models.CharField(_("district"), max_length=12, db_index=True)
    street_code = models.CharField(_("street"), max_length=12, blank=True)
    geometry = models.JSONField(_("geometry"))
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    size = models.DecimalField(
        _("length or area"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    manager = models.CharField(_("managed by"), max_length=100, blank=True)
    grade = models.CharField(_("grade or category"), max_length=50, blank=True)
    open_hours = models.CharField(_("opening hours"), max_length=50, blank=True)
    attributes = models.JSONField(_("further attributes"), default=dict, blank=True)
    valid_to = models.DateField(_("taken out on"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = LayerFeatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("feature of a layer")
        verbose_name_plural = _("features of layers")
        ordering = ("kind__order", "code")

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("basedata:feature-detail", args=[self.uid])
