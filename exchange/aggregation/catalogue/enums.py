"""Words of the catalogue.  [政务信息资源目录编制指南 2017; GB/T 21063.3, .4]"""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EU = "http://publications.europa.eu/resource/authority"


class Category(TextChoices):
    """First digit of a resource's code: what kind of resource it is."""

    BASE = "1", _("Basic resources")
    THEME = "2", _("Resources by theme")
    DEPARTMENT = "3", _("Resources of departments")


class Share(TextChoices):
    """How freely departments may have it."""

    FREE = "free", _("Shared without conditions")
    CONDITIONAL = "conditional", _("Shared under conditions")
    NONE = "none", pgettext_lazy("resource", "Not shared")


class Level(TextChoices):
    """How much harm would come of a leak, in the usual four grades."""

    L1 = "1", _("Level 1, open")
    L2 = "2", _("Level 2, internal")
    L3 = "3", _("Level 3, sensitive")
    L4 = "4", _("Level 4, highly sensitive")


OPEN_LEVELS = (Level.L1, Level.L2)


class Frequency(TextChoices):
    """How often it is renewed; names of the EU list that DCAT uses."""

    CONT = "UPDATE_CONT", _("All the time")
    HOURLY = "HOURLY", _("Every hour")
    DAILY = "DAILY", _("Every day")
    WEEKLY = "WEEKLY", _("Every week")
    MONTHLY = "MONTHLY", _("Every month")
    QUARTERLY = "QUARTERLY", _("Every quarter")
    HALF_YEARLY = "ANNUAL_2", _("Twice a year")
    ANNUAL = "ANNUAL", _("Every year")
    IRREGULAR = "IRREG", _("When something changes")


# A table whose last batch is older counts as late.
DUE = {
    Frequency.CONT: timedelta(hours=1),
    Frequency.HOURLY: timedelta(hours=2),
    Frequency.DAILY: timedelta(days=2),
    Frequency.WEEKLY: timedelta(days=9),
    Frequency.MONTHLY: timedelta(days=36),
    Frequency.QUARTERLY: timedelta(days=102),
    Frequency.HALF_YEARLY: timedelta(days=200),
    Frequency.ANNUAL: timedelta(days=396),
}


class Format(TextChoices):
    """In what form it can be had."""

    JSON = "json", "JSON"
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    XML = "xml", "XML"
    GEOJSON = "geojson", "GeoJSON"
    PDF = "pdf", "PDF"


class State(TextChoices):
    """Where the entry stands with its editors."""

    DRAFT = "draft", pgettext_lazy("resource", "Draft")
    REVIEWING = "reviewing", pgettext_lazy("resource", "In review")
    REVIEWED = "reviewed", pgettext_lazy("resource", "Reviewed")
    PUBLISHED = "published", pgettext_lazy("resource", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("resource", "Withdrawn")


class UseState(TextChoices):
    """Life of an application for use."""

    WAITING = "waiting", pgettext_lazy("use", "Waiting for a decision")
    APPROVED = "approved", pgettext_lazy("use", "Approved")
    REFUSED = "refused", pgettext_lazy("use", "Refused")
    ENDED = "ended", pgettext_lazy("use", "Ended")


class Touch(TextChoices):
    """Ways in which a resource is used."""

    VIEW = "view", pgettext_lazy("use", "Looked at")
    PREVIEW = "preview", pgettext_lazy("use", "Previewed")
    APPLY = "apply", pgettext_lazy("use", "Applied for")
    HARVEST = "harvest", pgettext_lazy("use", "Read as DCAT")


class BackupKind(TextChoices):
    """What a backup has."""

    DATABASE = "database", _("Database")
    FILES = "files", pgettext_lazy("backup", "Files")
