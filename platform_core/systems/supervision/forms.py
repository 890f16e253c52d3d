"""Forms of key tasks; the rules themselves are in the services."""

from datetime import timedelta
from typing import cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now

from . import selectors
from .enums import Category, FeedbackCycle, Priority
from .models import Assignment, Task
from .services.targets import Target


class ManyFiles(forms.FileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads at once."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        single = super().clean
        found = data if isinstance(data, list | tuple) else [data]
        return [single(item, initial) for item in found if item]


class TargetsField(forms.MultipleChoiceField):
    """Platforms below and own units, ticked."""

    widget = forms.CheckboxSelectMultiple


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a day and a time."""

    input_type = "datetime-local"


class MomentField(forms.DateTimeField):
    """A day and a time of day as browsers send them."""

    def __init__(self, **kwargs):
        widget = MomentInput(format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


def text(label, *, required: bool = True, rows: int = 4, **kwargs) -> forms.CharField:
    """A field of several lines."""
    area = forms.Textarea(attrs={"rows_shown": rows})
    return forms.CharField(label=label, required=required, widget=area, **kwargs)


def files_field() -> FilesField:
    """Attachments, not required."""
    return FilesField(
        label=_("Attachments"),
        required=False,
        help_text=_("Pictures, PDF, Word, Excel, sound or video."),
    )


class TargetsMixin(forms.Form):
    """A form that chooses receivers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = cast(forms.MultipleChoiceField, self.fields["targets"])
        chosen.choices = selectors.target_choices()

    def clean_targets(self):
        """The receivers that were ticked."""
        found = []
        for value in self.cleaned_data["targets"]:
            kind, _colon, code = value.partition(":")
            found.append(Target(**{kind: code}))
        return found


class DraftForm(TargetsMixin):
    """A task to draft; only title and content are needed to keep it."""

    title = forms.CharField(label=_("Title"), max_length=200)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    deadline = MomentField(label=_("Deadline"), required=False)
    feedback_cycle = forms.ChoiceField(
        label=_("Feedback cycle"),
        choices=FeedbackCycle.choices,
        initial=FeedbackCycle.WEEKLY,
    )
    sign_within_hours = forms.IntegerField(
        label=_("Sign within (hours)"), min_value=1, max_value=8760, initial=24
    )
    basis = forms.CharField(label=_("Basis document"), max_length=300, required=False)
    content = text(_("Content"), rows=6)
    requirement = text(_("Requirements"), required=False)
    targets = TargetsField(label=_("Receivers"), required=False)
    uploads = files_field()

    @staticmethod
    def values_of(task: Task) -> dict:
        """The draft as the form shows it."""
        names = ("title", "category", "priority", "feedback_cycle", "basis")
        more = ("sign_within_hours", "content", "requirement", "deadline")
        values = {name: getattr(task, name) for name in (*names, *more)}
        values["targets"] = [
            f"node:{item['node']}" if item.get("node") else f"unit:{item['unit']}"
            for item in task.targets
        ]
        return values


class NoteForm(forms.Form):
    """An opinion that may be left out."""

    content = text(_("Opinion"), required=False, rows=3)


class ReasonForm(forms.Form):
    """A reason that may not."""

    reason = text(_("Reason"), rows=3)


class AssignmentForm:
    """Mixin: a form that knows the assignment it is about."""

    @classmethod
    def prefill(cls, assignment: Assignment) -> dict:
        """What the platform knows already."""
        return {}


class ReceiveForm(AssignmentForm, NoteForm):
    """Sign for."""


class BreakDownForm(AssignmentForm, TargetsMixin):
    """Receivers of the parts, with a deadline of their own."""

    targets = TargetsField(label=_("Receivers"))
    deadline = MomentField(label=_("Deadline of the parts"))
    content = text(_("Content"))
    requirement = text(_("Requirements"), required=False, rows=3)

    @classmethod
    def prefill(cls, assignment: Assignment) -> dict:
        left = assignment.deadline - now()
        earlier = assignment.deadline - min(left / 5, timedelta(days=3))
        return {
            "deadline": timezone.localtime(earlier).replace(minute=0, second=0),
            "content": assignment.content,
            "requirement": assignment.requirement,
        }

    def clean(self):
        """Every receiver gets the deadline of the form."""
        values = super().clean() or {}
        deadline = values.get("deadline")
        values["children"] = [
            Target(node=target.node, unit=target.unit, deadline=deadline)
            for target in values.get("targets") or ()
        ]
        return values


class ProgressForm(AssignmentForm, forms.Form):
    """How far the work is; prefilled from the parts below."""

    percent = forms.IntegerField(label=_("Progress (%)"), min_value=0, max_value=100)
    content = text(_("Progress"), rows=5)
    problems = text(_("Problems"), required=False, rows=3)
    uploads = files_field()

    @classmethod
    def prefill(cls, assignment: Assignment) -> dict:
        below = selectors.digest(assignment)
        if below is None:
            return {"percent": assignment.percent}
        return {
            "percent": below.percent,
            "content": below.text,
            "problems": below.problems,
        }


class SubmitForm(AssignmentForm, forms.Form):
    """The result, with what shows it."""

    result = text(_("Result of the work"), rows=6)
    uploads = files_field()

    @classmethod
    def prefill(cls, assignment: Assignment) -> dict:
        below = selectors.digest(assignment)
        return {"result": below.text} if below else {}


class ReplyForm(AssignmentForm, forms.Form):
    """The answer to a supervision notice."""

    content = text(_("Answer"), rows=5)
    uploads = files_field()


class ExtensionForm(AssignmentForm, forms.Form):
    """A request for more time."""

    wanted_deadline = MomentField(label=_("Wanted deadline"))
    content = text(_("Reason"), rows=3)


class AcceptForm(AssignmentForm, forms.Form):
    """The review's opinion and score."""

    score = forms.DecimalField(
        label=_("Score"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("0 to 100, may be left out."),
    )
    content = text(_("Opinion"), required=False, rows=3)


class ReturnForm(AssignmentForm, ReasonForm):
    """Why it goes back, perhaps with a new limit."""

    deadline = MomentField(label=_("New deadline"), required=False)


class UrgeForm(AssignmentForm, forms.Form):
    """A short reminder."""

    content = text(_("Reminder text"), required=False, rows=3)


class SuperviseForm(AssignmentForm, forms.Form):
    """A formal notice that must be answered."""

    content = text(_("Reason and requirement"), rows=5)
    deadline = MomentField(label=_("Answer due"), required=False)
    uploads = files_field()


class ExtendForm(AssignmentForm, forms.Form):
    """More time, as asked for unless changed."""

    deadline = MomentField(label=_("New deadline"))
    content = text(_("Opinion"), required=False, rows=3)

    @classmethod
    def prefill(cls, assignment: Assignment) -> dict:
        return {"deadline": assignment.wanted_deadline}


class RefuseForm(AssignmentForm, ReasonForm):
    """Why there is no more time."""


class CloseForm(AssignmentForm, NoteForm):
    """A closing remark."""


ASSIGNMENT_FORMS = {
    "receive": ReceiveForm,
    "break_down": BreakDownForm,
    "progress": ProgressForm,
    "submit": SubmitForm,
    "reply": ReplyForm,
    "request_extension": ExtensionForm,
    "accept": AcceptForm,
    "return": ReturnForm,
    "urge": UrgeForm,
    "supervise": SuperviseForm,
    "extend": ExtendForm,
    "refuse_extension": RefuseForm,
    "close": CloseForm,
    "withdraw": RefuseForm,
}
TASK_FORMS = {
    "submit": NoteForm,
    "approve": NoteForm,
    "reject": ReasonForm,
    "withdraw": ReasonForm,
    "close": NoteForm,
    "archive": NoteForm,
}
