"""Administrative divisions and the platforms that serve them."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import Record

from .codes import prefix_of, within
from .enums import Level, NodeState, TierCode


class Division(models.Model):
    """An administrative division; the code is its identity.  [GB/T 2260]

    Positions are CGCS2000 longitude and latitude of the seat of government or
    the centre. The published table behaves like GCJ-02 and is converted when it
    is loaded; boundaries come from an open chart library, for display and for
    coarse checks, and an operator may replace them with the official ones.
    """

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language where there is one."""
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name

    @property
    def prefix(self) -> str:
        return prefix_of(self.code)

    def contains(self, code: str) -> bool:
        """Whether a division is this one or lies inside it."""
        return within(code, self.code)


class Node(Record):
    """A platform of the federation that this one knows, itself included."""

    code = models.CharField(_("code"), max_length=9, unique=True)
    tier = models.CharField(_("tier"), max_length=10, choices=TierCode.choices)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="nodes", verbose_name=_("division")
    )
    name = models.CharField(_("name"), max_length=120)
    url = models.CharField(_("address"), max_length=200, blank=True)
    parent_code = models.CharField(_("platform above"), max_length=9, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NodeState.choices,
        default=NodeState.ACTIVE,
    )

    class Meta:
        verbose_name = _("platform")
        verbose_name_plural = _("platforms")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
