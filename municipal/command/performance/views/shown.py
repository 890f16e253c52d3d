"""How evaluation shows grades, trends, states and counts."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.performance import documents, scopes, scoring
from municipal.command.performance.counting import ADDED, names
from municipal.command.performance.enums import AppealState, RunState, VersionState
from municipal.command.performance.models import Result, Run
from platform_core.accounts.models import User
from platform_core.ui import components
from platform_core.ui.views import Crumb

ROOT = Crumb(gettext_lazy("Performance evaluation"))
EVALUATE = "performance.evaluate"
SEEN = "performance.view_result"
RUN_COLOURS = {
    RunState.DRAFT: "yellow",
    RunState.PUBLICITY: "orange",
    RunState.APPROVED: "blue",
    RunState.PUBLISHED: "green",
    RunState.REPLACED: "grey",
}
VERSION_COLOURS = {
    VersionState.DRAFT: "yellow",
    VersionState.PUBLISHED: "green",
    VersionState.RETIRED: "grey",
}
APPEAL_COLOURS = {
    AppealState.FIRST: "orange",
    AppealState.SECOND: "yellow",
    AppealState.ACCEPTED: "green",
    AppealState.REJECTED: "red",
    AppealState.WITHDRAWN: "grey",
}
ARROWS = {"up": "▲", "down": "▼", "same": "＝", "new": "", "none": ""}
LIGHTS = {"up": "green", "down": "red", "same": "none"}


def run_badge(row: Run) -> SafeString:
    """How far an evaluation has come."""
    return components.status(row.get_state_display(), RUN_COLOURS[RunState(row.state)])


def version_badge(row: Any) -> SafeString:
    """Draft, in force, or retired."""
    colour = VERSION_COLOURS[VersionState(row.status)]
    return components.status(row.get_status_display(), colour)


def appeal_badge(row: Any) -> SafeString:
    """How an appeal stands."""
    colour = APPEAL_COLOURS[AppealState(row.state)]
    return components.status(row.get_state_display(), colour)


def grade_badge(row: Result) -> object:
    """The grade in its colour."""
    return components.status(row.grade, row.colour) if row.grade else _("No data")


def trend(row: Result) -> object:
    """An arrow and the step from the period before."""
    found = row.trend
    if found.change is None:
        return "—"
    return format_html(
        '<span class="light light-{}"><i aria-hidden="true">{}</i> {}</span>',
        LIGHTS[found.direction],
        ARROWS[found.direction],
        f"{found.change:+}",
    )


def plain_trend(row: Result) -> object:
    """The step for a file."""
    return "" if row.trend.change is None else f"{row.trend.change:+}"


def drill(run: Run, key: str, measure: str, user: User) -> str:
    """The address of the cases behind a count; empty where there is none to see."""
    if measure in ADDED or run.kind not in scopes.kinds(user):
        return ""
    query = {
        "kind": run.kind,
        "key": key,
        "measure": measure,
        "first": run.first.isoformat(),
        "last": run.last.isoformat(),
    }
    return f"{reverse('performance:cases')}?{urlencode(query)}"


def value_text(row: dict[str, Any], stored: list[Any]) -> str:
    """A rate in percent, or a count."""
    value = stored[2]
    if value is None:
        return "—"
    return str(value) if row.get("bands") else f"{value}%"


def derivation(result: Result, user: User) -> list[dict[str, Any]]:
    """Each indicator with its formula, counts, score and weight in the end."""
    scheme, words = result.run.scheme, names()
    weights, labels = _weights(result), scheme.names()
    return [
        {
            "code": code,
            "name": labels[code],
            "assists": row.get("part") == scoring.ASSIST,
            "above": _terms(result, row["above"], words, user),
            "below": _terms(result, row.get("below", ""), words, user),
            "value": value_text(row, result.scores[code]),
            "score": result.score(code),
            "weight": weights.get(code),
            "points": _points(result.score(code), weights.get(code)),
            "positive": row.get("positive", True),
            "bands": bands_text(row.get("bands", ())),
        }
        for row in scheme.body["indicators"]
        if (code := row["code"]) in result.scores
    ]


def _weights(result: Result) -> dict[str, Any]:
    """In percent, what each indicator with data weighs in the end."""
    plan = result.run.scheme.plan
    rows = {
        row.code: scoring.weight_of(row, plan.assist_share)
        for row in plan.indicators
        if result.score(row.code) is not None
    }
    whole = sum(rows.values())
    return {code: weight * 100 / whole for code, weight in rows.items()}


def _points(score: Any, weight: Any) -> Any:
    return None if score is None else scoring.rounded(score * weight / 100)


def _terms(
    result: Result, formula: str, words: Any, user: User
) -> list[dict[str, Any]]:
    return [
        {
            "sign": "−" if sign < 0 else "+",
            "name": words.get(measure, measure),
            "count": result.sums.get(measure, 0),
            "url": drill(result.run, result.key, measure, user),
        }
        for sign, measure in documents.formula(formula)
    ]


def bands_text(rows: Any) -> str:
    """A band table in one line: up to which count, which score."""
    return "; ".join(
        f"≤{upto}: {score}" if upto is not None else f"*: {score}"
        for upto, score in rows
    )
