"""Problem classes as Open311 services."""

from typing import Any

from django.utils.translation import gettext as _

from platform_core.classification import selectors as classification
from platform_core.classification.enums import CASE_KINDS, Edition
from platform_core.classification.models import ProblemClass

SEPARATOR = "-"


def code_of(problem: ProblemClass) -> str:
    """A service code such as `2026-matter-06001`."""
    return SEPARATOR.join((problem.edition, problem.kind, problem.code))


def find(service_code: str) -> ProblemClass | None:
    """The active class behind a service code, or None."""
    parts = service_code.split(SEPARATOR)
    if len(parts) != 3:
        return None
    edition, kind, code = parts
    problem = classification.problem_class(kind, code, edition=edition)
    return problem if problem and problem.is_active else None


def service(problem: ProblemClass) -> dict[str, Any]:
    return {
        "service_code": code_of(problem),
        "service_name": problem.name,
        "description": problem.name_en,
        "metadata": True,
        "type": "realtime",
        "keywords": problem.major_name,
        "group": problem.major_name,
    }


def services() -> list[dict[str, Any]]:
    """Every class in use that a case may be filed under, in the default edition."""
    edition = classification.default_edition()
    return [
        service(problem)
        for kind in CASE_KINDS[Edition(edition)]
        for problem in classification.classes(edition, kind)
    ]


def definition(problem: ProblemClass) -> dict[str, Any]:
    """The one question that helps filing: which condition fits."""
    values = [
        {"key": condition.number, "name": condition.filing_condition}
        for condition in classification.conditions(problem)
    ]
    question = {
        "variable": True,
        "code": "condition",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": _("Which description fits best?"),
        "values": values,
    }
    return {
        "service_code": code_of(problem),
        "attributes": [question] if values else [],
    }


def condition_text(problem: ProblemClass, number: str) -> str:
    """The words of a condition the reporter picked; empty where unknown."""
    for condition in classification.conditions(problem):
        if condition.number == number:
            return str(condition.filing_condition)
    return ""
