"""States, kinds and limits of connectors."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BATCH = 2_000
# What landed so shortly ago may have a neighbour that is not committed yet.
SETTLING = timedelta(seconds=20)
MAX_BATCH = 20_000
# Rows that a dry run shows.
TRIAL = 20
# Rejected rows after which a run stops by itself, unless a flow says otherwise.
TOLERATED = 1_000
# So many lines of a log are kept for a run.
LOG_LINES = 500


class SourceKind(TextChoices):
    """How a department gives its data."""

    DATABASE = "database", _("Database table or view")
    FILES = "files", _("Files in a folder or over SFTP")
    REST = "rest", _("REST interface with JSON")
    MQTT = "mqtt", _("Topic of a message broker (MQTT)")


class Direction(TextChoices):
    """Which way a flow carries rows."""

    IN = "in", pgettext_lazy("flow", "In")
    OUT = "out", pgettext_lazy("flow", "Out")


class SourceState(TextChoices):
    """What the last test of a source said."""

    UNTESTED = "untested", pgettext_lazy("source", "Not tested")
    WORKING = "working", pgettext_lazy("source", "Working")
    FAILING = "failing", pgettext_lazy("source", "Failing")


class FlowState(TextChoices):
    """Life of a flow."""

    DRAFT = "draft", pgettext_lazy("flow", "Draft")
    ACTIVE = "active", pgettext_lazy("flow", "Active")
    PAUSED = "paused", pgettext_lazy("flow", "Paused")


class Mode(TextChoices):
    """What a run reads."""

    FULL = "full", _("Everything each time")
    INCREMENTAL = "incremental", _("Only what is new")
    SNAPSHOT = "snapshot", _("Everything each time; what is gone is withdrawn")


# An outgoing flow and a topic know nothing of what is gone.
PLAIN_MODES = (Mode.FULL, Mode.INCREMENTAL)


class Days(TextChoices):
    """On which days the schedule counts."""

    EVERY = "every", _("Every day")
    WORK = "work", _("Working days of the calendar only")


class OnError(TextChoices):
    """What happens to the run when a row is wrong."""

    SKIP = "skip", _("Set the row aside and go on")
    STOP = "stop", _("Stop at the first wrong row")


class RunState(TextChoices):
    """Where a run stands."""

    WAITING = "waiting", pgettext_lazy("run", "Waiting")
    RUNNING = "running", pgettext_lazy("run", "Running")
    PAUSED = "paused", pgettext_lazy("run", "Paused")
    DONE = "done", pgettext_lazy("run", "Done")
    FAILED = "failed", pgettext_lazy("run", "Failed")


OPEN = (RunState.WAITING, RunState.RUNNING)


class Trigger(TextChoices):
    """What began a run."""

    PERSON = "person", _("Started by a person")
    SCHEDULE = "schedule", _("By the schedule")
    MESSAGE = "message", _("By arriving messages")
    RESEND = "resend", _("Rejected rows sent again")


class RejectState(TextChoices):
    """What became of a row that was not taken."""

    OPEN = "open", pgettext_lazy("reject", "Unsolved")
    FIXED = "fixed", pgettext_lazy("reject", "Sent again")
    DROPPED = "dropped", pgettext_lazy("reject", "Given up")
