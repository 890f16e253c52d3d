"""What the guards of the process ask about a case."""

from collections.abc import Mapping
from typing import Any

from municipal.command import clocks, rules, sources
from municipal.command.enums import Finding, Purpose, State
from municipal.command.models import Case
from platform_core.classification import selectors as classification
from platform_core.common import clock
from platform_core.files import services as files

PASSED = frozenset({Finding.PASSED, Finding.SKIPPED})
MAY_RETURN = frozenset({State.PENDING_HANDLING, State.HANDLING})


def facts_of(case: Case, data: Mapping[str, Any]) -> dict[str, Any]:
    """Plain facts about a case and what comes with the step."""
    now, known = clock.now(), rules.current()
    return {
        "class_known": is_known_class(case),
        "in_region": bool(case.division_code),
        "found_false": case.verify_finding == Finding.FALSE,
        "photos": bool(data.get("attachments")),
        "both_photos": bool(data.get("attachments") and data.get("after")),
        "unverified": _unverified(case),
        "verification": known.verification,
        "reason": bool(str(data.get("note") or "").strip()),
        "return_count": case.return_count,
        "return_most": known.return_most,
        "return_late": case.state in MAY_RETURN and clocks.is_late_to_return(case, now),
        "extend_count": case.extend_count,
        "extend_most": known.extension_most,
        "extension_asked": case.extension_asked is not None,
        "past_deadline": bool(case.handling_deadline and now > case.handling_deadline),
        "check_passed": case.check_finding in PASSED,
        "skip_allowed": known.skip_check,
        "handling_photos": _has_result(case),
    }


def is_known_class(case: Case) -> bool:
    """Whether the class of a case is in the catalogue of its edition."""
    found = classification.problem_class(case.class_kind, case.class_code, case.edition)
    return found is not None and found.is_case_class


def _unverified(case: Case) -> bool:
    """Whether the source wants a visit first; asked for where it matters."""
    return case.state == State.PENDING_ACCEPT and sources.is_unverified(case)


def _has_result(case: Case) -> bool:
    """Whether there are pictures of the result; asked for where it matters."""
    if case.state != State.PENDING_CHECK:
        return False
    return files.of(case, Purpose.HANDLE).exists()
