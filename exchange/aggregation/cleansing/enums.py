"""Words and limits of cleansing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Rows that a draft is tried on, and problems shown of them.
SAMPLE = 1_000
SHOWN = 200
# Problems of one run that are kept as work; the file of the run has all of them.
KEPT = 200_000
CHUNK = 1_000
# Working days a sender has, unless the steward says otherwise.
DAYS = 5
PROBLEM = "aggregation.problem"
FEEDBACK = "aggregation.problem_feedback"


class RuleKind(TextChoices):
    """What a rule looks at; the engine has a class for each."""

    REQUIRED = "required", _("Must be filled")
    TYPE = "type", pgettext_lazy("rule", "Type")
    LENGTH = "length", pgettext_lazy("rule", "Length")
    PATTERN = "pattern", _("Pattern")
    RANGE = "range", pgettext_lazy("rule", "Range")
    CODE_LIST = "code_list", pgettext_lazy("rule", "Code list")
    REFERENCE = "reference", _("Reference to another table")
    CREDIT_CODE = "credit_code", _("Unified social credit code")
    IDENTITY_NUMBER = "identity_number", _("Identity number")
    PHONE = "phone", _("Phone number")
    COORDINATES = "coordinates", _("Coordinates inside the division")
    TIME_ORDER = "time_order", _("Order of two times")
    UNIQUE = "unique", pgettext_lazy("rule", "Unique")
    DUPLICATE = "duplicate", pgettext_lazy("rule", "Duplicate")


class Dimension(TextChoices):
    """What the quality of data is measured by.  [GB/T 36344]"""

    COMPLETENESS = "completeness", _("Completeness")
    VALIDITY = "validity", _("Validity")
    UNIQUENESS = "uniqueness", _("Uniqueness")
    CONSISTENCY = "consistency", _("Consistency")
    TIMELINESS = "timeliness", _("Timeliness")


DIMENSIONS: dict[str, Dimension] = {
    **dict.fromkeys(RuleKind.values, Dimension.VALIDITY),
    RuleKind.REQUIRED: Dimension.COMPLETENESS,
    RuleKind.UNIQUE: Dimension.UNIQUENESS,
    RuleKind.DUPLICATE: Dimension.UNIQUENESS,
    RuleKind.REFERENCE: Dimension.CONSISTENCY,
    RuleKind.TIME_ORDER: Dimension.CONSISTENCY,
}
# Shares of the whole; what is not measured is left out.
SHARES = {
    Dimension.COMPLETENESS: 0.3,
    Dimension.VALIDITY: 0.3,
    Dimension.UNIQUENESS: 0.1,
    Dimension.CONSISTENCY: 0.1,
    Dimension.TIMELINESS: 0.2,
}


class ActionKind(TextChoices):
    """What becomes of a value, or of its row, that breaks a rule."""

    FIX = "fix", _("Repair the value")
    DEFAULT = "default", _("Put in the default")
    REJECT = "reject", _("Reject the row")
    RETURN = "return", _("Send back to the source")


class SeverityKind(TextChoices):
    """An error holds the row back, a hint does not."""

    ERROR = "error", pgettext_lazy("rule", "Error")
    HINT = "hint", pgettext_lazy("rule", "Hint")


class Life(TextChoices):
    """Life of a version of a rule set."""

    DRAFT = "draft", pgettext_lazy("rule set", "Draft")
    PUBLISHED = "published", pgettext_lazy("rule set", "Published")
    RETIRED = "retired", pgettext_lazy("rule set", "Retired")


class Trigger(TextChoices):
    """Why a run was started."""

    MANUAL = "manual", _("By hand")
    LANDING = "landing", _("After rows landed")
    SCHEDULE = "schedule", _("By the clock")


class ProblemState(TextChoices):
    """How far a problem is: found → assigned → fixed → verified."""

    FOUND = "found", pgettext_lazy("problem", "Found")
    ASSIGNED = "assigned", pgettext_lazy("problem", "Assigned")
    FIXED = "fixed", pgettext_lazy("problem", "Corrected")
    EXPLAINED = "explained", pgettext_lazy("problem", "Explained")
    RETURNED = "returned", pgettext_lazy("problem", "Returned")
    VERIFIED = "verified", pgettext_lazy("problem", "Verified")
    CONFIRMED = "confirmed", pgettext_lazy("problem", "Right as it is")


OPEN = (
    ProblemState.FOUND,
    ProblemState.ASSIGNED,
    ProblemState.FIXED,
    ProblemState.EXPLAINED,
    ProblemState.RETURNED,
)
# What its sender has to do something about.
DUE = (ProblemState.ASSIGNED, ProblemState.RETURNED)
