"""The table of case sources, remembered."""

from platform_core.common.snapshots import Snapshot

from .models import Case, CaseSource

NEEDED = "yes"
_known = Snapshot("command.sources")


def sources() -> dict[str, CaseSource]:
    """All sources by code."""
    return _known.get("sources", CaseSource.objects.in_bulk)


def is_unverified(case: Case) -> bool:
    """Whether a source wants a visit on site that nobody made yet.  [codes.md 17]"""
    if case.verify_finding or case.reopened_from_id:
        return False
    found = sources().get(case.source_id)
    return found is not None and found.needs_verification == NEEDED
