"""Bulletins: what is said about an evaluation, and as a document of the office."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from platform_core.common import clock
from platform_core.regions import selectors as regions
from platform_core.ui.exports import disposition

from . import documents, scoring
from .models import Result, Run

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "FangSong"
MOST_ROWS = 500
COLOURS = {
    "green": RGBColor(0x1E, 0x7B, 0x34),
    "blue": RGBColor(0x1A, 0x5F, 0xB4),
    "yellow": RGBColor(0x8A, 0x6D, 0x00),
    "orange": RGBColor(0xB5, 0x50, 0x00),
    "red": RGBColor(0xB0, 0x1E, 0x1E),
}
RATES = (
    ("closed_num", "should_close_num"),
    ("intime_closed_num", "should_close_num"),
    ("intime_handled_num", "should_handle_num"),
    ("rework_num", "should_close_num"),
)


def comma() -> str:
    """What stands between clauses in the reader's language."""
    return pgettext("between clauses", ", ")


def title(run: Run) -> str:
    """The heading of a bulletin."""
    return _("%(city)s bulletin of evaluation: %(run)s") % {
        "city": regions.own_division().label,
        "run": run,
    }


def formula_text(row: Mapping[str, Any], words: Mapping[str, Any]) -> str:
    """A formula in words: counts above, counts below."""
    sides = [_side(row[name], words) for name in ("above", "below") if row.get(name)]
    return " ÷ ".join(sides)


def _side(text: str, words: Mapping[str, Any]) -> str:
    terms = documents.formula(text)
    shown = "".join(
        f" {'−' if sign < 0 else '+'} {words.get(name, name)}" for sign, name in terms
    ).removeprefix(" + ")
    return f"({shown})" if len(terms) > 1 else shown


def rule_text(row: Mapping[str, Any], bands: str) -> str:
    """How an indicator is scored, in words."""
    if bands:
        month = _(" (per month of 30 days)") if row.get("scaled") else ""
        return _("score by bands: %s") % bands + month
    return _("score = rate") if row.get("positive", True) else _("score = 100 − rate")


def sentences(run: Run, told: Mapping[str, Any]) -> list[str]:
    """What the figures say, in sentences."""
    found = [
        _("%(count)s objects were evaluated over %(days)s (%(scheme)s).")
        % {"count": len(told["rows"]), "days": _days(run), "scheme": run.scheme}
    ]
    if told["mean"] is not None:
        found.append(_("The mean composite index is %s.") % told["mean"])
    if filed := told["totals"].get("filed_num"):
        found.append(_("%s cases were filed.") % filed)
    texts = (
        _("closing rate %s%%"),
        _("on-time closing rate %s%%"),
        _("on-time handling rate %s%%"),
        _("rework rate %s%%"),
    )
    rates = [
        text % value
        for (above, below), text in zip(RATES, texts, strict=True)
        if (value := _rate(told["totals"], above, below)) is not None
    ]
    if rates:
        found.append(_("Of all together: %s.") % comma().join(rates))
    for name, text in (
        ("risen", _("Risen most: %s.")),
        ("fallen", _("Fallen most: %s.")),
    ):
        if told[name]:
            shown = (f"{row.label} {row.trend.change:+}" for row in told[name])
            found.append(text % comma().join(shown))
    return found


def _rate(totals: Mapping[str, int], above: str, below: str) -> Decimal | None:
    if above not in totals:
        return None
    return scoring.rate(totals[above], totals.get(below, 0))


def _days(run: Run) -> str:
    return f"{run.first:%Y-%m-%d} – {run.last:%Y-%m-%d}"


def answer(
    run: Run,
    told: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    course: Sequence[tuple[Run, Decimal]],
) -> HttpResponse:
    """The bulletin as a download."""
    stream = BytesIO()
    document(run, told, rules, course).save(stream)
    response = HttpResponse(stream.getvalue(), content_type=DOCX)
    response["Content-Disposition"] = disposition(f"{title(run)}.docx")
    return response


def document(
    run: Run,
    told: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]],
    course: Sequence[tuple[Run, Decimal]],
) -> Any:
    """The bulletin as a Word document."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    paper.add_heading(title(run), level=0)
    state = paper.add_paragraph(f"{run.get_state_display()}  {clock.today():%Y-%m-%d}")
    state.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_heading(_("1. Summary"), level=1)
    for text in sentences(run, told):
        paper.add_paragraph(text)
    if run.reason:
        paper.add_paragraph(_("Corrects an earlier result: %s") % run.reason)
    paper.add_heading(_("2. Ranking"), level=1)
    _ranking(paper, run, told["rows"][:MOST_ROWS])
    if len(told["rows"]) > MOST_ROWS:
        paper.add_paragraph(
            _("The first %s are shown; export the ranking for all.") % MOST_ROWS
        )
    paper.add_heading(_("3. Trend"), level=1)
    head = (_("Period"), _("Mean index"))
    _table(paper, head, [(row.period.label, mean) for row, mean in course])
    paper.add_heading(_("4. Rules"), level=1)
    _rules(paper, told, rules)
    return paper


def _ranking(paper: Any, run: Run, rows: Sequence[Result]) -> None:
    head = (
        _("Rank"),
        run.get_kind_display(),
        _("Composite index"),
        _("Grade"),
        _("Trend"),
    )
    groups = run.scheme.group_names()
    lines = [
        (
            row.rank or "—",
            _with_group(row, groups),
            "—" if row.composite is None else row.composite,
            row.grade or _("No data"),
            "—" if row.trend.change is None else f"{row.trend.change:+}",
        )
        for row in rows
    ]
    table = _table(paper, head, lines)
    for row, line in zip(rows, list(table.rows)[1:], strict=True):
        for run_of_text in line.cells[3].paragraphs[0].runs:
            run_of_text.font.color.rgb = COLOURS.get(row.colour)


def _with_group(row: Result, groups: Mapping[str, str]) -> str:
    name = groups.get(row.group, "")
    return f"{row.label} ({name})" if name else row.label


def _rules(
    paper: Any, told: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]
) -> None:
    head = (_("Indicator"), _("Formula"), _("Weight"), _("Score"))
    lines = [(row["name"], row["formula"], row["weight"], row["rule"]) for row in rules]
    _table(paper, head, lines)
    limits = comma().join(
        f"{code} ≥ {least}" for code, least, _colour, _n in told["grades"]
    )
    paper.add_paragraph(_("Grades: %s.") % limits)
    paper.add_paragraph(
        _("An indicator without data is left out and the others weigh more.")
    )


def _table(paper: Any, head: Sequence[str], lines: Sequence[Sequence[Any]]) -> Any:
    table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(str(text)).bold = True
    for line in lines:
        for cell, value in zip(table.add_row().cells, line, strict=True):
            cell.paragraphs[0].add_run(str(value))
    return table
