"""The base of standard addresses, and lists that are looked up in it.

[GB/T 30428.3, GB/T 47678.4]
"""

from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.models import TimeStamped
from platform_core.regions import selectors as regions
from platform_core.regions.codes import range_q

from .enums import AddressState, Match, PlaceKind, Verdict, Work

USER = settings.AUTH_USER_MODEL


def reach(user: Any, field: str) -> Q:
    """Rows of the user's divisions, as a condition."""
    prefix = user.division_prefix
    if user.is_superuser or regions.own_division().prefix.startswith(prefix):
        return Q()
    return range_q(prefix, field)


class AddressQuerySet(models.QuerySet["Address"]):
    """Addresses as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Addresses inside the user's divisions."""
        return self.filter(reach(user, "area_code"))

    def published(self) -> Self:
        """What a search may find."""
        return self.filter(state=AddressState.PUBLISHED)


class Address(TimeStamped):
    """A place by its standard address.  [GB/T 30428.3]

    The code has 21 digits: unit grid, kind of place, serial number. It stays
    when boundaries change. Positions are CGCS2000.
    """

    code = models.CharField(
        _("address code"),
        max_length=21,
        unique=True,
        validators=[RegexValidator(r"^\d{15}[1-6]\d{5}$")],
    )
    kind = models.CharField(_("kind of place"), max_length=1, choices=PlaceKind.choices)
    standard = models.CharField(_("standard address"), max_length=200, db_index=True)
    road = models.CharField(_("road name"), max_length=60, blank=True)
    compound = models.CharField(_("compound"), max_length=60, blank=True)
    number = models.CharField(_("house number"), max_length=30, blank=True)
    name = models.CharField(_("place name"), max_length=80, blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    area_code = models.CharField(_("area"), max_length=12, db_index=True)
    grid_code = models.CharField(_("unit grid"), max_length=15, db_index=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(_("cell"))
    line = models.JSONField(_("line"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=AddressState.choices,
        default=AddressState.DRAFT,
    )
    collected_on = models.DateField(_("collected on"))
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("generated sample"), default=False)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("code",)
        permissions = [("review_address", "Can review changes of addresses")]
        indexes = [models.Index(fields=["cell", "state"])]

    def __str__(self) -> str:
        return self.standard

    def get_absolute_url(self) -> str:
        return reverse("geocoding:address", args=[self.pk])

    @property
    def base(self) -> str:
        """The road or compound that a number or name belongs to."""
        return self.road or self.compound

    @property
    def local(self) -> str:
        """The standard address without the divisions."""
        return f"{self.base}{self.number}{self.name}"


class Term(models.Model):
    """A normalised name under which addresses are found."""

    text = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.text


class Gram(models.Model):
    """Two neighbouring characters and in how many terms they stand."""

    text = models.CharField(max_length=2, primary_key=True)
    uses = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.text


class TermGram(models.Model):
    """In which terms two neighbouring characters stand."""

    gram = models.CharField(max_length=2)
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("gram", "term", name="gram_of_term")]

    def __str__(self) -> str:
        return self.gram


class AddressTerm(models.Model):
    """A published address under one of its names, with its house number."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    address = models.ForeignKey(Address, models.CASCADE, related_name="terms")
    number = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["term", "number"], name="term_number")]

    def __str__(self) -> str:
        return f"{self.term_id} {self.number}"


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    """Changes as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Changes of addresses inside the user's divisions."""
        return self.filter(reach(user, "address__area_code"))


class AddressChange(models.Model):
    """What somebody wants changed and what another person said about it."""

    address = models.ForeignKey(
        Address, models.CASCADE, related_name="changes", verbose_name=_("address")
    )
    work = models.CharField(_("change"), max_length=6, choices=Work.choices)
    before = models.JSONField(_("before"), default=dict)
    values = models.JSONField(_("after"), default=dict)
    verdict = models.CharField(
        _("verdict"),
        max_length=8,
        choices=Verdict.choices,
        default=Verdict.PENDING,
        db_index=True,
    )
    note = models.CharField(_("remark"), max_length=200, blank=True)
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    at = models.DateTimeField(_("made at"))
    reviewed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    opinion = models.CharField(_("opinion"), max_length=200, blank=True)
    batch = models.UUIDField(_("import"), null=True, db_index=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("address change")
        verbose_name_plural = _("address changes")
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.address}"

    def get_absolute_url(self) -> str:
        return self.address.get_absolute_url()


class LookupQuerySet(models.QuerySet["Lookup"]):
    """Lists as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """One's own lists."""
        return self.filter(by=user.pk)


class Lookup(TimeStamped):
    """A list of addresses whose positions somebody wants to know."""

    title = models.CharField(_("title"), max_length=200)
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    job = models.ForeignKey(
        "jobs.Job", models.SET_NULL, null=True, related_name="+", verbose_name=_("job")
    )
    objects = LookupQuerySet.as_manager()

    class Meta:
        verbose_name = _("address list")
        verbose_name_plural = _("address lists")
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("geocoding:lookup", args=[self.pk])


class LookupRowQuerySet(models.QuerySet["LookupRow"]):
    """Rows of lists as somebody may see them."""

    def visible_to(self, user: Any) -> Self:
        """Rows of one's own lists."""
        return self.filter(lookup__by=user.pk)


class LookupRow(models.Model):
    """One line of such a list and what was found for it."""

    lookup = models.ForeignKey(Lookup, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    text = models.CharField(_("given address"), max_length=200)
    match = models.CharField(
        _("match result"), max_length=9, choices=Match.choices, default=Match.WAITING
    )
    score = models.FloatField(_("score"), null=True)
    found = models.CharField(_("found address"), max_length=200, blank=True)
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    grid_code = models.CharField(_("unit grid"), max_length=15, blank=True)

    objects = LookupRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an address list")
        verbose_name_plural = _("rows of address lists")
        ordering = ("row",)
        default_permissions = ()
        constraints = [models.UniqueConstraint("lookup", "row", name="lookup_row_once")]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("geocoding:lookup-fix", args=[self.pk])
