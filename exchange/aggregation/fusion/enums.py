"""Words and limits of fusion."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Newest rows of each source that a draft is tried on, and pairs shown of them.
SAMPLE = 1_000
SHOWN = 50
# Pairs of one run that are kept for review, the surest first.
KEPT = 100_000
CHUNK = 500
# A suggestion for a code below this likeness is not made.
LIKE = 60.0


class Life(TextChoices):
    """Life of a version of a code map or a fusion task."""

    DRAFT = "draft", pgettext_lazy("fusion", "Draft")
    PUBLISHED = "published", pgettext_lazy("fusion", "Published")
    RETIRED = "retired", pgettext_lazy("fusion", "Retired")


class Trigger(TextChoices):
    """Why a run was started."""

    MANUAL = "manual", _("By hand")
    LANDING = "landing", _("After rows landed")
    SCHEDULE = "schedule", _("By the clock")


class FieldKind(TextChoices):
    """What a field of a subject table holds."""

    TEXT = "text", pgettext_lazy("subject field", "Text")
    CODE = "code", pgettext_lazy("subject field", "Code")
    NUMBER = "number", pgettext_lazy("subject field", "Number")
    DATE = "date", pgettext_lazy("subject field", "Date or time")
    POINT = "point", pgettext_lazy("subject field", "Place")


class RuleKind(TextChoices):
    """How two values are compared."""

    EXACT = "exact", pgettext_lazy("matching", "Same value")
    FUZZY = "fuzzy", pgettext_lazy("matching", "Similar text")
    ADDRESS = "address", pgettext_lazy("matching", "Similar address")
    DISTANCE = "distance", pgettext_lazy("matching", "Distance in metres")


class BlockKind(TextChoices):
    """Which rows are compared at all."""

    EXACT = "exact", pgettext_lazy("matching", "Same value")
    PREFIX = "prefix", pgettext_lazy("matching", "Same beginning")
    NEAR = "near", pgettext_lazy("matching", "Places near one another")


class Survive(TextChoices):
    """Which row a field of the master takes its value from."""

    PRIORITY = "priority", pgettext_lazy("survivorship", "Source first in order")
    NEWEST = "newest", pgettext_lazy("survivorship", "Newest row")
    LONGEST = "longest", pgettext_lazy("survivorship", "Longest value")
    MOST = "most", pgettext_lazy("survivorship", "Most frequent value")
    FULLEST = "fullest", pgettext_lazy("survivorship", "Row with most fields filled")


class PairState(TextChoices):
    """What is known about two rows that may be the same thing."""

    OPEN = "open", pgettext_lazy("pair", "To be reviewed")
    SAME = "same", pgettext_lazy("pair", "Same thing")
    DIFFERENT = "different", pgettext_lazy("pair", "Different things")
    GONE = "gone", pgettext_lazy("pair", "No longer in question")


class MasterState(TextChoices):
    """Whether a master record counts."""

    CURRENT = "current", pgettext_lazy("master", "Current")
    MERGED = "merged", pgettext_lazy("master", "Merged into another")
    RETIRED = "retired", pgettext_lazy("master", "Without rows")


class Change(TextChoices):
    """What a revision of a master record is about."""

    MADE = "made", pgettext_lazy("master", "Made")
    SPLIT = "split", pgettext_lazy("master", "Split off")
    CHANGED = "changed", pgettext_lazy("master", "Changed")
    MERGED = "merged", pgettext_lazy("master", "Merged into another")
    RETIRED = "retired", pgettext_lazy("master", "Without rows")
    REVIVED = "revived", pgettext_lazy("master", "Current again")


class UnmatchedState(TextChoices):
    """What became of a source code that no map knows."""

    OPEN = "open", pgettext_lazy("code", "Unmatched")
    DRAFTED = "drafted", pgettext_lazy("code", "In a draft")
    IGNORED = "ignored", pgettext_lazy("code", "Left out")
    SETTLED = "settled", pgettext_lazy("code", "Settled")
