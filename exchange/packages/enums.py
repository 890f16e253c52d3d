"""Kinds, states and limits of packages that people carry."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FORMAT = "exchange-package"
VERSION = 1
# Parts of one package, and what one of them may grow to when it is unpacked.
MAX_PARTS = 20_000
MAX_MANIFEST = 10_000_000
MAX_SIGNATURE = 20_000
# What it may unpack to, measured by its own size; small ones may shrink as they like.
MAX_RATIO = 200
SMALL = 20_000_000
UNPACKED = 4
# Records that a trial takes in together before it takes them all back.
TRIAL_RECORDS = 5_000
# Files of packages are kept so long; what was done with them stays written down.
KEEP_FILES = timedelta(days=90)


class Direction(TextChoices):
    """Was it made here, or brought here?"""

    OUT = "out", pgettext_lazy("package", "Made here")
    IN = "in", pgettext_lazy("package", "Brought here")


class Kind(TextChoices):
    """What is inside."""

    RECORDS = "records", pgettext_lazy("package", "Records")
    RECEIPT = "receipt", pgettext_lazy("package", "Receipt")


class State(TextChoices):
    """Where a package stands."""

    MAKING = "making", pgettext_lazy("package", "Being made")
    READY = "ready", pgettext_lazy("package", "Ready to be carried")
    ANSWERED = "answered", pgettext_lazy("package", "Answered")
    TRYING = "trying", pgettext_lazy("package", "Being tried")
    TRIED = "tried", pgettext_lazy("package", "Tried, not taken yet")
    TAKING = "taking", pgettext_lazy("package", "Being taken")
    DONE = "done", pgettext_lazy("package", "Taken")
    FAILED = "failed", pgettext_lazy("package", "Failed")
    DISCARDED = "discarded", pgettext_lazy("package", "Given up")


BUSY = (State.MAKING, State.TRYING, State.TAKING)


class Span(TextChoices):
    """What goes into a package."""

    WAITING = "waiting", _("All that the platform has not acknowledged")
    PERIOD = "period", _("What was made in some time")
    BATCH = "batch", _("One batch")
