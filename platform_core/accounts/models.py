"""People, organisations, posts."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.regions.codes import prefix_of, range_q
from platform_core.regions.enums import NOWHERE
from platform_core.regions.models import Division

from .enums import Language, UnitKind
from .groups import permissions_of_roles
from .validators import validate_credit_code


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def visible_to(self, user: "User") -> "OrgUnitQuerySet":
        """Organisations inside the user's divisions."""
        return self.filter(range_q(user.division_prefix, "division__code"))

    def active(self) -> "OrgUnitQuerySet":
        return self.filter(is_active=True)

    def under(self, unit: "OrgUnit") -> "OrgUnitQuerySet":
        """The organisation itself and all below it."""
        return self.filter(path__startswith=unit.path)


class OrgUnit(TimeStamped):
    """An organisation: bureau, centre, department, district, street, enterprise."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    path = models.CharField(max_length=255, db_index=True, editable=False)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="units", verbose_name=_("division")
    )
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        validators=[validate_credit_code],
    )
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="unit_credit_code_unique",
            )
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class Post(models.Model):
    """A position in an organisation; who holds it gets its role."""

    unit = models.ForeignKey(
        OrgUnit, models.CASCADE, related_name="posts", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=40)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["unit__path", "name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="post_name_unique")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """People of organisations inside the user's divisions."""
        return self.filter(range_q(user.division_prefix, "unit__division__code"))

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)


class PeopleManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People come with their organisation, which every check of rights needs."""

    def get_queryset(self) -> UserQuerySet:
        people: UserQuerySet = super().get_queryset().select_related("unit")
        return people


class User(AbstractUser):
    """Somebody who signs in: an official, an operator, an inspector."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    full_name = models.CharField(_("full name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    employee_no = models.CharField(_("employee number"), max_length=30, blank=True)
    unit = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("organisation"),
    )
    posts = models.ManyToManyField(
        Post, blank=True, related_name="holders", verbose_name=_("posts")
    )
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=Language.choices,
        blank=True,
    )
    must_change_password = models.BooleanField(
        _("must change the password"), default=False
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = PeopleManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @cached_property
    def role_codes(self) -> frozenset[str]:
        """Codes of the roles held, read once per request."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def role_permissions(self) -> frozenset[str]:
        """What the roles held allow."""
        return permissions_of_roles(self.role_codes)

    @cached_property
    def division_prefix(self) -> str:
        """Leading digits of the divisions in sight; NOWHERE without a unit."""
        if self.is_superuser:
            return ""
        if self.unit is None:
            return NOWHERE
        return prefix_of(self.unit.division_id)

    @cached_property
    def unit_path(self) -> str:
        """Place of the own organisation in the tree; NOWHERE without one."""
        return self.unit.path if self.unit is not None else NOWHERE

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        for name in ("role_codes", "division_prefix", "unit_path"):
            self.__dict__.pop(name, None)
        super().refresh_from_db(*args, **kwargs)
