"""Choices of base data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Change(TextChoices):
    """What is done to a component or a feature of a layer."""

    ADD = "add", _("New entry")
    EDIT = "edit", _("Edit")
    MOVE = "move", _("Move")
    REMOVE = "remove", _("Take out of use")
    STATE = "state", _("Change the condition")
    IMPORT = "import", _("Import")
    ROLL_BACK = "roll_back", _("Roll back")


class Origin(TextChoices):
    """Who found that something has changed."""

    PATROL = "patrol", _("Found on patrol")
    CENSUS = "census", _("Found by a survey")
    UNIT = "unit", _("Told by a unit")
    OFFICE = "office", _("Corrected in the office")


class ProposalState(TextChoices):
    """Where a proposed change stands."""

    PENDING = "pending", _("Waits for review")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Format(TextChoices):
    """Kinds of files that can be imported."""

    CSV = "csv", "CSV"
    GEOJSON = "geojson", "GeoJSON"
    SHAPEFILE = "shapefile", "Shapefile (zip)"


class Encoding(TextChoices):
    """How the texts of a file are written."""

    AUTO = "auto", _("Find out")
    UTF8 = "utf-8", "UTF-8"
    GB18030 = "gb18030", "GB18030"


class CampaignState(TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", _("Being prepared")
    RUNNING = "running", _("Survey under way")
    CLOSED = "closed", _("Finished")


class CampaignKind(TextChoices):
    """Whether everything is surveyed or something special."""

    CENSUS = "census", _("Census")
    SPECIAL = "special", _("Special survey")


class Finding(TextChoices):
    """What an inspector found about one component."""

    UNCHANGED = "unchanged", _("As recorded")
    CHANGED = "changed", _("Differs from the record")
    MISSING = "missing", _("Missing in the record")
    CASE = "case", _("A problem was reported")
