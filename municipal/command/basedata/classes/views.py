"""Pages of the class dictionary's versions and of the change of the edition."""

from collections import Counter
from typing import Any

import django_filters
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.models import ClassRevision, CodeMove, EditionMove
from municipal.command.basedata.models.classes import MoveState, RevisionState
from municipal.command.requests import user_of
from platform_core.classification.enums import Edition, Kind
from platform_core.classification.models import ProblemClass
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from . import editions, forms, services

VIEW = "basedata.view_classrevision"
CHANGE = "basedata.change_classes"
COLOURS = {
    RevisionState.SCHEDULED: "yellow",
    RevisionState.EFFECTIVE: "green",
    RevisionState.WITHDRAWN: "grey",
    MoveState.DRAFT: "yellow",
    MoveState.RUNNING: "blue",
    MoveState.DONE: "green",
    MoveState.UNDOING: "blue",
    MoveState.UNDONE: "grey",
}


def badge(row: Any) -> Any:
    """State of a version or of a change of the edition."""
    return status(row.get_state_display(), COLOURS[row.state])


class RevisionFilter(django_filters.FilterSet):
    """By edition, kind, state, and whether an extended class."""

    edition = django_filters.ChoiceFilter(
        choices=Edition.choices, label=gettext_lazy("Edition")
    )
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=gettext_lazy("Kind"))
    state = django_filters.ChoiceFilter(
        choices=RevisionState.choices, label=gettext_lazy("State")
    )
    is_extension = django_filters.BooleanFilter(label=gettext_lazy("Extended class"))

    class Meta:
        model = ClassRevision
        fields = ["edition", "kind", "state", "is_extension"]


class RevisionList(ListPage):
    """Every version of every class that was changed here."""

    model = ClassRevision
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Versions of classes")
    filterset_class = RevisionFilter
    search_fields = ("code__startswith", "values__name", "note")
    columns = (
        Column("code", gettext_lazy("Code"), sort=True, link=True),
        Column(
            "name",
            gettext_lazy("Name"),
            render=lambda row: row.values.get("name", ""),
            export=lambda row: row.values.get("name", ""),
        ),
        Column("edition", gettext_lazy("Edition"), sort=True),
        Column("kind", gettext_lazy("Kind")),
        Column("number", gettext_lazy("Version"), number=True),
        Column("is_extension", gettext_lazy("Extended class")),
        Column("effective_on", gettext_lazy("Effective on"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("made_by", gettext_lazy("Made by")),
    )
    empty_text = gettext_lazy("Extended classes and changed limits appear here.")

    def get_queryset(self):
        return super().get_queryset().select_related("made_by")

    def get_page_actions(self):
        add = reverse("basedata:class-add")
        return [
            PageAction(_("All classes"), reverse("basedata:classes"), "list"),
            PageAction(
                _("Extend the dictionary"), add, "plus", primary=True, permission=CHANGE
            ),
        ]


class ClassFilter(django_filters.FilterSet):
    """By edition and kind."""

    edition = django_filters.ChoiceFilter(
        choices=Edition.choices, label=gettext_lazy("Edition")
    )
    kind = django_filters.ChoiceFilter(choices=Kind.choices, label=gettext_lazy("Kind"))

    class Meta:
        model = ProblemClass
        fields = ["edition", "kind"]


class ClassList(ListPage):
    """Choose a class to give it another version."""

    model = ProblemClass
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Class dictionary")
    filterset_class = ClassFilter
    search_fields = ("name", "code__startswith", "major_name")
    ordering = ("-edition", "kind", "code")
    columns = (
        Column(
            "code",
            gettext_lazy("Code"),
            sort=True,
            link=lambda row: reverse("basedata:class-revise", args=[row.pk]),
        ),
        Column("label", gettext_lazy("Name")),
        Column("major_label", gettext_lazy("Major class"), sort="major_code"),
        Column("kind", gettext_lazy("Kind"), sort=True),
        Column("edition", gettext_lazy("Edition"), sort=True),
        Column("is_active", gettext_lazy("In use"), sort=True),
    )


class Crumbs:
    """The way to a version."""

    object: Any
    title: Any

    def get_breadcrumbs(self):
        return [
            Crumb(RevisionList.title, reverse("basedata:class-revisions")),
            Crumb(str(self.object) if self.object else self.title),
        ]


class ExtensionAdd(Crumbs, FormPage):
    """Extend the dictionary by a class."""

    permission_required = CHANGE
    form_class = forms.ExtensionForm
    following = ("major",)
    template_name = "basedata/class_form.html"
    title = gettext_lazy("Extend the dictionary")
    success_message = gettext_lazy("Saved.")
    lead = gettext_lazy(
        "The code is given by the rules: from 99 downwards in 2013, from 999 in 2026."
    )

    def perform(self, form):
        data = form.cleaned_data
        return services.add_class(
            by=user_of(self.request),
            values=form.values(),
            **{name: data[name] for name in ("edition", "kind", "major")},
            effective_on=data["effective_on"],
            note=data["note"],
        )

    def get_cancel_url(self):
        return reverse("basedata:class-revisions")


class ClassRevise(Crumbs, ActionPage):
    """Give a class another version."""

    model = ProblemClass
    scoped = False
    permission_required = CHANGE
    form_class = forms.RulesForm
    template_name = "basedata/class_form.html"
    title = gettext_lazy("New version of a class")
    success_message = gettext_lazy("Saved.")
    lead = gettext_lazy(
        "Name and geometry of a class of the standard stay as they are."
    )

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"rules": self.object.conditions.count()}

    def get_initial(self):
        values = services.values_of(self.object)
        rules = values.pop("conditions")
        return values | {
            f"rule{index}_{name}": value
            for index, rule in enumerate(rules)
            for name, value in rule.items()
        }

    def perform(self, form):
        data = form.cleaned_data
        return services.revise_class(
            row=self.object,
            by=user_of(self.request),
            values=form.values(),
            effective_on=data["effective_on"],
            note=data["note"],
        )

    def get_cancel_url(self):
        return reverse("basedata:classes")


class RevisionPage(Crumbs, DetailPage):
    """A version beside what was before it."""

    model = ClassRevision
    scoped = False
    permission_required = VIEW
    template_name = "basedata/class_revision.html"

    def get_page_actions(self):
        names = {
            RevisionState.SCHEDULED: ("class-withdraw", _("Take back")),
            RevisionState.EFFECTIVE: ("class-restore", _("Restore what was before")),
        }
        if self.object.state not in names:
            return []
        name, label = names[self.object.state]
        url = reverse(f"basedata:{name}", args=[self.object.pk])
        return [PageAction(label, url, permission=CHANGE, dialog=True)]

    def get_summary(self):
        row = self.object
        return [
            (_("State"), badge(row)),
            (_("Code"), row.code),
            (_("Edition"), row.get_edition_display()),
            (_("Kind"), row.get_kind_display()),
            (_("Version"), row.number),
            (_("Extended class"), row.is_extension),
            (_("Effective on"), row.effective_on),
            (_("Made by"), row.made_by),
            (_("Remark"), row.note),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        sides = [(_("Value before"), row.before), (_("Value after"), row.values)]
        return super().get_context_data(sides=sides, **kwargs)


class RestorePage(Crumbs, ActionPage):
    """Restore what was before a version."""

    model = ClassRevision
    scoped = False
    permission_required = CHANGE
    title = gettext_lazy("Restore what was before")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        return services.restore(revision=self.object, by=user_of(self.request))


class WithdrawPage(Crumbs, ActionPage):
    """Take a scheduled version back."""

    model = ClassRevision
    scoped = False
    permission_required = CHANGE
    title = gettext_lazy("Take back")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        services.withdraw(revision=self.object, by=user_of(self.request))


class MoveList(ListPage):
    """Changes of the edition."""

    model = EditionMove
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Change of the edition")
    search_fields = ("title",)
    columns = (
        Column("title", gettext_lazy("Title"), link=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("created_at", gettext_lazy("Made at"), sort=True),
        Column("made_by", gettext_lazy("Made by")),
    )
    empty_text = gettext_lazy("The change from 2013 to 2026 is prepared here.")

    def get_queryset(self):
        return super().get_queryset().select_related("made_by")

    def get_page_actions(self):
        url = reverse("basedata:edition-add")
        codes = reverse("basedata:changed-codes")
        return [
            PageAction(_("Changed codes"), codes, "list"),
            PageAction(_("Prepare the change"), url, primary=True, permission=CHANGE),
        ]


class MoveAdd(FormPage):
    """Prepare the change of the edition."""

    permission_required = CHANGE
    form_class = forms.MoveForm
    title = gettext_lazy("Prepare the change")

    def perform(self, form):
        return editions.prepare(by=user_of(self.request), **form.cleaned_data)

    def get_cancel_url(self):
        return reverse("basedata:edition-moves")


class MovePage(DetailPage):
    """The dry run: what maps, what needs a decision, how much is affected."""

    model = EditionMove
    scoped = False
    permission_required = VIEW
    template_name = "basedata/edition_move.html"

    def get_breadcrumbs(self):
        return [
            Crumb(MoveList.title, reverse("basedata:edition-moves")),
            Crumb(str(self.object)),
        ]

    def get_page_actions(self):
        names = {
            MoveState.DRAFT: [
                ("edition-decide", _("Decide about classes")),
                ("edition-run", _("Carry out")),
            ][0 if self.lines_to_decide() else 1 :],
            MoveState.DONE: [("edition-undo", _("Undo"))],
        }
        return [
            PageAction(
                label,
                reverse(f"basedata:{name}", args=[self.object.pk]),
                permission=CHANGE,
                dialog=name != "edition-decide",
            )
            for name, label in names.get(self.object.state, [])
        ]

    def lines_to_decide(self) -> bool:
        """Whether a class has no plain counterpart."""
        lines = editions.dry_run(self.object)
        return any(line.status != editions.SAME for line in lines)

    def get_summary(self):
        row = self.object
        found = [(_("State"), badge(row)), (_("Made by"), row.made_by)]
        if row.state == MoveState.DRAFT:
            return found
        kinds = Counter(row.codes.values_list("kind", flat=True))
        return [
            *found,
            (_("Components with a new code"), kinds["component"]),
            (_("Open cases with a new code"), kinds["case"]),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = editions.dry_run(self.object)
        words = {
            editions.SAME: _("Plain counterpart"),
            editions.MOVED: _("Other major class"),
            editions.MISSING: _("No counterpart"),
        }
        return super().get_context_data(
            lines=[(line, words[line.status]) for line in lines],
            components=sum(line.components for line in lines),
            cases=sum(line.cases for line in lines),
            undecided=sum(line.is_open for line in lines),
            is_draft=self.object.state == MoveState.DRAFT,
            **kwargs,
        )


class MoveAction(ActionPage):
    """Something done to a change of the edition."""

    model = EditionMove
    scoped = False
    permission_required = CHANGE


class DecidePage(MoveAction):
    """Decide about classes without a plain counterpart."""

    form_class = forms.DecisionForm
    title = gettext_lazy("Decide about classes")

    def get_form_kwargs(self):
        lines = editions.dry_run(self.object)
        return super().get_form_kwargs() | {"lines": lines}

    def perform(self, form):
        editions.decide(
            move=self.object, by=user_of(self.request), decisions=form.cleaned_data
        )


class RunPage(MoveAction):
    """Carry the change out."""

    title = gettext_lazy("Carry out")
    lead = gettext_lazy(
        "Components get codes of 2026; old codes can still be found. Closed cases "
        "keep what they were filed with. The change can be undone."
    )

    def perform(self, form):
        job = editions.carry_out(move=self.object, by=user_of(self.request))
        return self.leave(job.get_absolute_url())


class UndoPage(MoveAction):
    """Undo the change."""

    title = gettext_lazy("Undo the change of the edition")
    submit_level = "danger"

    def perform(self, form):
        job = editions.undo(move=self.object, by=user_of(self.request))
        return self.leave(job.get_absolute_url())


def kind_of(row: CodeMove) -> str:
    """What has changed its code, in words."""
    return _("Component") if row.kind == "component" else _("Case")


class CodeList(ListPage):
    """Old and new codes."""

    model = CodeMove
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Changed codes")
    search_fields = ("old_code__startswith", "new_code__startswith")
    search_hint = gettext_lazy("Old or new code")
    columns = (
        Column("old_code", gettext_lazy("Old code"), sort=True),
        Column("new_code", gettext_lazy("New code"), sort=True),
        Column("kind", gettext_lazy("Kind"), render=kind_of, export=kind_of),
        Column("undone", gettext_lazy("Undone")),
    )
    empty_text = gettext_lazy("After the change, old codes are found here.")
