"""What the dialogs of dispatch and feedback ask for in addition."""

from django import forms as fields
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from municipal.command import duty, selectors
from municipal.command.forms import StepForm, extend

from .services import parts


def _candidates(form: StepForm, action: str) -> None:
    """The ranked units with confidence and reason below the choice."""
    found = duty.candidates(form.case)
    if not found:
        return
    lines = format_html_join(
        "", "<li><b>{}</b> {}% {}</li>", ((c.unit, c.percent, c.reason) for c in found)
    )
    form.fields["unit"].initial = found[0].unit
    form.fields["unit"].help_text = format_html(
        '{}<ol class="candidates">{}</ol>',
        _("Recommended, the most likely first:"),
        lines,
    )
    form.fields["duty_reason"] = fields.CharField(
        label=_("Why another unit than the recommended one"),
        max_length=500,
        required=False,
        help_text=_("Asked only if you choose another one; the rules learn from it."),
    )


def _assisting(form: StepForm, action: str) -> None:
    form.fields["assisting"] = fields.ModelMultipleChoiceField(
        label=_("Units that assist"),
        queryset=selectors.handling_units(),
        required=False,
        widget=fields.CheckboxSelectMultiple,
    )
    form.fields["assist_task"] = fields.CharField(
        label=_("What the assisting units do"), max_length=500, required=False
    )


def _without_parts(form: StepForm, action: str) -> None:
    waiting = parts.open_assisting(form.case)
    if waiting:
        names = "、".join(str(part.unit) for part in waiting)
        form.fields["without_parts"] = fields.CharField(
            label=_("Reason for answering before those who assist"),
            max_length=500,
            help_text=_("Not back yet: %(units)s") % {"units": names},
        )


def register() -> None:
    """Add the fields to the dialogs."""
    for action in ("dispatch", "redispatch"):
        extend(action, _candidates)
        extend(action, _assisting)
    extend("feedback", _without_parts)
