"""The draft of a report on an emergency, as a document and as plain sections."""

from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document

from municipal.command.centre.models import Emergency
from platform_core.ui.words import stamp


@dataclass
class Section:
    """A heading with facts, or a table."""

    heading: str
    lines: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def sections(emergency: Emergency) -> list[Section]:
    """What the report says, from what was written down."""
    return [
        _facts(emergency),
        _steps(emergency),
        _calls(emergency),
        _cases(emergency),
        _log(emergency),
        Section(
            _("Closing summary"),
            [emergency.summary or _("To be written when it is over.")],
        ),
    ]


def _facts(row: Emergency) -> Section:
    facts = (
        (_("Number"), row.number),
        (_("Kind of emergency"), row.get_kind_display()),
        (_("Level"), row.get_level_display()),
        (_("Address"), row.address),
        (_("Position"), f"{row.lon:.5f}, {row.lat:.5f}"),
        (_("Raised at"), stamp(row.raised_at)),
        (_("Raised by"), str(row.raised_by)),
        (_("Over since"), stamp(row.closed_at) if row.closed_at else "—"),
        (_("Description"), row.description),
    )
    return Section(_("Basic facts"), [f"{label}：{text}" for label, text in facts])


def _steps(row: Emergency) -> Section:
    head = [_("Step"), _("Who does it"), _("Done by"), _("Done at")]
    rows = [
        [
            step.text,
            step.who,
            str(step.done_by or "—"),
            stamp(step.done_at) if step.done_at else "—",
        ]
        for step in row.steps.select_related("done_by")
    ]
    return Section(_("Steps of the plan"), head=head, rows=rows)


def _calls(row: Emergency) -> Section:
    head = [_("Who was called"), _("Called at"), _("Answer"), _("Answered at")]
    rows = [
        [
            call.name,
            stamp(call.at),
            f"{call.get_state_display()} {call.answer}".strip(),
            stamp(call.answered_at) if call.answered_at else "—",
        ]
        for call in row.calls.order_by("at", "pk")
    ]
    return Section(_("Calls for help"), head=head, rows=rows)


def _cases(row: Emergency) -> Section:
    head = [_("Case number"), _("Case"), _("State"), _("Handling unit")]
    rows = [
        [
            link.case.number,
            link.case.title,
            link.case.state_name,
            str(link.case.handling_unit or "—"),
        ]
        for link in row.links.select_related("case__handling_unit")
    ]
    return Section(_("Cases attached"), head=head, rows=rows)


def _log(row: Emergency) -> Section:
    head = [_("At"), _("Text"), _("Written by")]
    rows = [
        [stamp(entry.at), entry.text, str(entry.by or "—")]
        for entry in row.entries.select_related("by").order_by("at", "pk")
    ]
    return Section(_("Course"), head=head, rows=rows)


def title(emergency: Emergency) -> str:
    """The heading of the report."""
    return _("Report on the emergency “%(title)s” (draft)") % {"title": emergency.title}


def write(emergency: Emergency) -> bytes:
    """The draft as a text document that people go on writing."""
    document = Document()
    document.add_heading(title(emergency), 0)
    for section in sections(emergency):
        document.add_heading(section.heading, 1)
        for line in section.lines:
            document.add_paragraph(line)
        if section.head:
            table = document.add_table(rows=1, cols=len(section.head))
            table.style = "Table Grid"
            for row in (section.head, *section.rows):
                cells = table.rows[0].cells if row is section.head else None
                for cell, text in zip(cells or table.add_row().cells, row, strict=True):
                    cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
