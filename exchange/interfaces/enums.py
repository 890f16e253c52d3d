"""Words of the data standard.  [CJ/T 545; GB/T 47678.7 clause 4.8]"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Rows that are written in one transaction.
CHUNK = 2_000


class Subset(TextChoices):
    """The parts of the comprehensive database."""

    BUSINESS_GUIDANCE = "business_guidance", _("Guidance data")
    SUPERVISION_INSPECTION = "supervision_inspection", _("Supervision data")
    MONITORING_ANALYSIS = "monitoring_analysis", _("Monitoring data")
    LOWER_PLATFORM_REPORT = "lower_platform_report", _("Reports of platforms below")
    COMPREHENSIVE_EVALUATION = "comprehensive_evaluation", _("Evaluation data")
    EXTERNAL = "external", _("External data")
    CITY_BASIC = "city_basic", _("Basic data of the city")
    OPERATION = "operation", _("Operation data")
    MANAGEMENT = "management", _("Management data")
    SERVICE = "service", _("Service data")


class Direction(TextChoices):
    """Which way the records of a table go between platforms."""

    UP = "up", pgettext_lazy("direction", "Up")
    DOWN = "down", pgettext_lazy("direction", "Down")
    BOTH = "both", pgettext_lazy("direction", "Up and down")
    SIDEWAYS = "sideways", _("From other systems")
    LOCAL = "local", _("Stays here")


class Confidence(TextChoices):
    """How well the table is founded."""

    OFFICIAL = "H/M", _("Official need, fields rebuilt")
    REBUILT = "M", _("Rebuilt from public sources")
    PROPOSED = "L", pgettext_lazy("table", "Proposed")
    LOCAL = "own", _("Defined here")


class Life(TextChoices):
    """Life of a version of a table."""

    DRAFT = "draft", pgettext_lazy("table", "Draft")
    REVIEWING = "reviewing", pgettext_lazy("table", "In review")
    PUBLISHED = "published", pgettext_lazy("table", "Published")
    DEPRECATED = "deprecated", pgettext_lazy("table", "Deprecated")
    WITHDRAWN = "withdrawn", pgettext_lazy("table", "Withdrawn")


OFFERED = (Life.PUBLISHED, Life.DEPRECATED)


class Kind(TextChoices):
    """Type of a field."""

    STRING = "string", _("Text")
    TEXT = "text", _("Long text")
    INTEGER = "int", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    DATE = "date", pgettext_lazy("field type", "Date")
    DATETIME = "datetime", _("Date and time")
    BOOLEAN = "bool", _("Yes or no")
    CODE = "code", _("Code of a list")
    JSON = "json", _("Structure")
    GEOMETRY = "geometry", _("Geometry")
    FILES = "files", pgettext_lazy("field type", "Files")


class Need(TextChoices):
    """Must a field be filled?"""

    MANDATORY = "M", pgettext_lazy("field", "Mandatory")
    CONDITIONAL = "C", pgettext_lazy("field", "Conditional")
    OPTIONAL = "O", pgettext_lazy("field", "Optional")


class SourceKind(TextChoices):
    """Where a batch came from."""

    FILE = "file", pgettext_lazy("source", "File")
    CONNECTOR = "connector", pgettext_lazy("source", "Connector")
    EXCHANGE = "exchange", _("Another platform")
    SYSTEM = "system", _("A system of this platform")
    ENTRY = "entry", _("Typed in")


class ArchiveState(TextChoices):
    """Where the rows of an archive file are."""

    KEPT = "kept", _("In the archive")
    RESTORED = "restored", _("Back in the database")


class RowState(TextChoices):
    """What became of a landed row."""

    LANDED = "landed", pgettext_lazy("row", "Landed")
    CLEAN = "clean", pgettext_lazy("row", "Clean")
    FIXED = "fixed", pgettext_lazy("row", "Repaired")
    REJECTED = "rejected", pgettext_lazy("row", "Rejected")
    RETURNED = "returned", pgettext_lazy("row", "Returned to its source")
