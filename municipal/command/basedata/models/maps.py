"""Base maps, overlays, points of one's own, and 3D services.  [CJJ/T 106]"""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import TimeStamped


class MapUse(models.TextChoices):
    """Whether a map lies below or above."""

    BASE = "base", _("Base map")
    OVERLAY = "overlay", _("Overlay")


class MapService(models.TextChoices):
    """How a map is asked for."""

    XYZ = "xyz", _("XYZ tiles")
    WMTS = "wmts", _("WMTS tiles")
    VECTOR = "vector", _("Vector tiles")
    GEOJSON = "geojson", _("GeoJSON")
    POINTS = "points", _("Points kept here")


class CoordSystem(models.TextChoices):
    """The coordinates of a map."""

    CGCS2000 = "cgcs2000", _("CGCS2000")
    WGS84 = "wgs84", _("WGS 84")
    GCJ02 = "gcj02", _("GCJ-02")


class MapLayerQuerySet(models.QuerySet["MapLayer"]):
    """Maps as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Public ones, those for everybody signed in, those for one's roles."""
        if not user.is_authenticated:
            return self.filter(is_public=True)
        if user.is_superuser:
            return self.all()
        mine = [
            row.pk for row in self.exclude(roles=[]) if set(row.roles) & roles(user)
        ]
        return self.filter(Q(is_public=True) | Q(roles=[]) | Q(pk__in=mine))


def roles(user: Any) -> set[str]:
    """The roles somebody holds."""
    return set(user.role_codes)


class MapLayer(TimeStamped):
    """A base map or something laid over it."""

    name = models.CharField(_("name"), max_length=60)
    use = models.CharField(_("use"), max_length=7, choices=MapUse.choices)
    service = models.CharField(_("service"), max_length=7, choices=MapService.choices)
    url = models.CharField(_("address of the service"), max_length=500, blank=True)
    source_layer = models.CharField(_("layer in the tiles"), max_length=60, blank=True)
    coord_sys = models.CharField(
        _("coordinate system"),
        max_length=8,
        choices=CoordSystem.choices,
        default=CoordSystem.CGCS2000,
    )
    min_zoom = models.PositiveSmallIntegerField(_("smallest zoom"), default=0)
    max_zoom = models.PositiveSmallIntegerField(_("largest zoom"), default=19)
    attribution = models.CharField(_("attribution"), max_length=200, blank=True)
    description = models.TextField(_("metadata"), max_length=2000, blank=True)
    colour = models.CharField(_("colour"), max_length=7, default="#1a5fb4")
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    is_shown = models.BooleanField(_("shown at first"), default=False)
    is_public = models.BooleanField(_("also for citizens"), default=False)
    roles = models.JSONField(_("only for roles"), default=list, blank=True)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = MapLayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("map layer")
        verbose_name_plural = _("map layers")
        ordering = ("use", "order", "pk")
        default_permissions = ("view",)
        permissions = [("change_maps", "Can set up map layers and 3D services")]

    def __str__(self) -> str:
        return self.name


class MapPoint(TimeStamped):
    """A point of a layer that is kept here: a park, a toilet, a sensor."""

    layer = models.ForeignKey(
        MapLayer, models.CASCADE, related_name="points", verbose_name=_("layer")
    )
    name = models.CharField(_("name"), max_length=100)
    text = models.CharField(_("remark"), max_length=200, blank=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))

    class Meta:
        verbose_name = _("point of a layer")
        verbose_name_plural = _("points of layers")
        ordering = ("layer", "name")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["layer", "name", "lon", "lat"], name="map_point_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CimService(TimeStamped):
    """A scene of the CIM platform: where it reaches and how its viewer is opened."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        _("kind"),
        max_length=7,
        choices=[("3dtiles", _("3D Tiles")), ("scene", _("Scene"))],
    )
    area = models.ForeignKey(
        "regions.Division", models.PROTECT, related_name="+", verbose_name=_("area")
    )
    service_url = models.CharField(_("address of the service"), max_length=500)
    viewer_url = models.CharField(
        _("address of the viewer"),
        max_length=500,
        help_text=_("With {lon}, {lat}, {code} and {service} where they belong."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("3D service")
        verbose_name_plural = _("3D services")
        ordering = ("name",)
        default_permissions = ()
        permissions = [("read_objects", "Can take objects for a CIM platform")]

    def __str__(self) -> str:
        return self.name
