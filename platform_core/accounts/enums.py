"""Kinds of organisations and languages of the pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """What an organisation is."""

    BUREAU = "bureau", _("Bureau")
    CENTRE = "centre", _("Centre")
    DEPARTMENT = "department", _("Department")
    DISTRICT = "district", _("District")
    STREET = "street", _("Street")
    COMMUNITY = "community", _("Community")
    ENTERPRISE = "enterprise", _("Enterprise")


class Language(models.TextChoices):
    """Languages of the pages, each named in itself."""

    CHINESE = "zh-hans", "简体中文"
    ENGLISH = "en", "English"
