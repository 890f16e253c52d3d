"""The part of the comprehensive database that an interface belongs to."""

from django.utils.translation import gettext as _

from .enums import Subset
from .models import Table

# Contracts of the systems, by the first word of their code.
SYSTEMS = {
    "guidance": Subset.BUSINESS_GUIDANCE,
    "supervision": Subset.SUPERVISION_INSPECTION,
    "monitoring": Subset.MONITORING_ANALYSIS,
    "evaluation": Subset.COMPREHENSIVE_EVALUATION,
}


def subsets() -> dict[str, str]:
    """The subset of each interface of the data standard."""
    rows = Table.objects.values_list("code", "subset")
    return {f"standard.{code}": subset for code, subset in rows}


def subset_of(interface: str, known: dict[str, str]) -> str:
    """The subset of an interface, "" for what belongs to none."""
    system = SYSTEMS.get(interface.partition(".")[0], "")
    return known.get(interface) or str(system)


def subset_label(interface: str, known: dict[str, str]) -> str:
    """The same in words."""
    found = subset_of(interface, known)
    return str(Subset(found).label) if found else _("Other records")
