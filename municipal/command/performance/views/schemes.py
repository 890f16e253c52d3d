"""Pages of schemes and of the timetable, by version."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.performance import previewing, timetables
from municipal.command.performance.counting import names
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.forms_schemes import (
    GroupForm,
    PublishForm,
    SchemeForm,
    TimetableForm,
    timetable_initial,
)
from municipal.command.performance.models import Scheme, Timetable
from municipal.command.performance.services import scheming
from municipal.command.requests import user_of
from platform_core.accounts.models import OrgUnit
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .results import rules_of_scheme
from .shown import ROOT, SEEN, bands_text, version_badge

MANAGE = "performance.manage_schemes"


def kinds_text(row: Scheme) -> str:
    """The objects that a scheme is for."""
    return ", ".join(str(ObjectKind(kind).label) for kind in row.kinds)


class SchemeList(ListPage):
    """All schemes with their versions."""

    model = Scheme
    scoped = False
    permission_required = SEEN
    title = gettext_lazy("Evaluation schemes")
    ordering = ("code", "-version")
    search_fields = ("name", "name_en", "code", "note")
    columns = (
        Column("label", gettext_lazy("Scheme"), link=True),
        Column("version", gettext_lazy("Version"), sort=True, number=True),
        Column(
            "kinds",
            gettext_lazy("Evaluated objects"),
            render=kinds_text,
            export=kinds_text,
        ),
        Column("status", gettext_lazy("State"), sort=True, render=version_badge),
        Column("effective_from", gettext_lazy("Effective from"), sort=True),
        Column("note", gettext_lazy("What was changed")),
        Column("published_by", gettext_lazy("Published by")),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("published_by")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [ROOT, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("performance:timetable-list")
        return [PageAction(_("Timetable"), url, "calendar", permission=SEEN)]


class SchemeCrumbs:
    """Breadcrumbs down to a version."""

    object: Any

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(SchemeList.title, reverse("performance:scheme-list"))
        return [ROOT, above, Crumb(str(self.object), self.object.get_absolute_url())]


class SchemePage(SchemeCrumbs, DetailPage):
    """One version: indicators, bands, grades and groups."""

    model = Scheme
    scoped = False
    permission_required = SEEN
    template_name = "performance/scheme.html"

    def get_page_actions(self) -> list[PageAction]:
        links = (
            (
                (_("Edit"), "edit", "edit"),
                (_("Add a group"), "group-add", "plus"),
                (_("Preview of the draft"), "preview", "eye"),
                (_("Publish"), "publish", "check"),
                (_("Discard"), "discard", "trash"),
            )
            if self.object.is_draft
            else ((_("Copy to a draft"), "draft", "edit"),)
        )
        return [
            PageAction(
                label,
                reverse(f"performance:scheme-{name}", args=[self.object.pk]),
                icon,
                permission=MANAGE,
                dialog=name not in {"edit", "preview", "group-add"},
                primary=name in {"publish", "draft"},
            )
            for label, name, icon in links
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scheme: Scheme = self.object
        units = dict(OrgUnit.objects.values_list("code", "name"))
        groups = [
            {
                "code": row["code"],
                "name": row["name"],
                "members": [units.get(code, code) for code in row["members"]],
                "bands": {
                    scheme.names().get(code, code): bands_text(rows)
                    for code, rows in row.get("bands", {}).items()
                },
            }
            for row in scheme.body.get("groups", ())
        ]
        may = self.request.user.has_perm(MANAGE)
        return super().get_context_data(
            rules=rules_of_scheme(scheme),
            groups=groups,
            editable=scheme.is_draft and may,
            problems=scheming.problems_of(scheme) if scheme.is_draft else [],
            badge=version_badge(scheme),
            kinds=kinds_text(scheme),
            **kwargs,
        )


class SchemeAction(SchemeCrumbs, ActionPage):
    """A form about one version."""

    model = Scheme
    scoped = False
    permission_required = MANAGE
    object: Scheme


class SchemeDraft(SchemeAction):
    """Copy a version to a draft."""

    title = gettext_lazy("Copy to a draft")
    lead = gettext_lazy("What is in force stays so until the draft is published.")
    submit_label = gettext_lazy("Copy")
    success_message = gettext_lazy("Draft made.")

    def perform(self, form: Any) -> Scheme:
        return scheming.create_draft(scheme=self.object, by=user_of(self.request))


class SchemeEdit(SchemeAction):
    """Change a draft."""

    title = gettext_lazy("Edit draft")
    template_name = "performance/scheme_form.html"
    success_message = gettext_lazy("Draft kept.")

    def get_form(self) -> SchemeForm:
        return SchemeForm(
            **self.get_form_kwargs(),
            scheme=self.object,
            rates=scheming.rates(self.object.kinds),
        )

    def get_initial(self) -> dict[str, Any]:
        return {"note": self.object.note}

    def perform(self, form: SchemeForm) -> Scheme:
        return scheming.save_draft(
            draft=self.object,
            body=form.body(),
            note=form.cleaned_data["note"],
            by=user_of(self.request),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = sorted(names(self.object.kinds).items())
        return super().get_context_data(measures=known, **kwargs)


class GroupEdit(SchemeAction):
    """Add or change a group of departments."""

    title = gettext_lazy("Group of departments")
    success_message = gettext_lazy("Draft kept.")

    def get_form(self) -> GroupForm:
        return GroupForm(
            **self.get_form_kwargs(), scheme=self.object, group=self._group()
        )

    def get_initial(self) -> dict[str, Any]:
        return {}

    def _group(self) -> dict[str, Any]:
        rows = self.object.body.get("groups", [])
        code = self.kwargs.get("group")
        if code is None:
            return {"code": f"g{1 + max([0, *(_number(row) for row in rows)])}"}
        found = next((row for row in rows if row["code"] == code), None)
        if found is None:
            raise Http404("group")
        return dict(found)

    def perform(self, form: GroupForm) -> Scheme:
        group = form.result()
        rows = [
            row
            for row in self.object.body.get("groups", [])
            if row["code"] != group["code"]
        ]
        body = {**self.object.body, "groups": [*rows, group]}
        return scheming.save_draft(
            draft=self.object, body=body, by=user_of(self.request)
        )


def _number(row: dict[str, Any]) -> int:
    digits = row["code"].removeprefix("g")
    return int(digits) if digits.isdigit() else 0


class GroupRemove(SchemeAction):
    """Take a group out of a draft."""

    title = gettext_lazy("Remove the group")
    submit_level = "danger"
    success_message = gettext_lazy("Draft kept.")

    def perform(self, form: Any) -> Scheme:
        rows = self.object.body.get("groups", [])
        kept = [row for row in rows if row["code"] != self.kwargs["group"]]
        return scheming.save_draft(
            draft=self.object,
            body={**self.object.body, "groups": kept},
            by=user_of(self.request),
        )


class SchemePreview(SchemeCrumbs, DetailPage):
    """What a draft would have done to the newest results."""

    model = Scheme
    scoped = False
    permission_required = MANAGE
    template_name = "performance/preview.html"
    title = gettext_lazy("Preview of the draft")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        codes = dict(OrgUnit.objects.values_list("pk", "code"))
        blocks = previewing.preview(self.object, codes)
        for block in blocks:
            block["changes"] = [
                (
                    row,
                    components.status(row.result.grade or "—", row.result.colour),
                    components.status(row.judged.grade or "—", row.judged.colour),
                )
                for row in block["changes"]
            ]
        return super().get_context_data(
            blocks=blocks, problems=scheming.problems_of(self.object), **kwargs
        )


class SchemePublish(SchemeAction):
    """Put a draft in force."""

    title = gettext_lazy("Publish draft")
    form_class: type[forms.BaseForm] = PublishForm
    submit_label = gettext_lazy("Publish")
    success_message = gettext_lazy("Published.")

    def perform(self, form: Any) -> Scheme:
        day = form.cleaned_data["effective_from"]
        return scheming.publish(
            draft=self.object, effective_from=day, by=user_of(self.request)
        )


class SchemeDiscard(SchemeAction):
    """Throw a draft away."""

    title = gettext_lazy("Discard draft")
    submit_label = gettext_lazy("Discard")
    submit_level = "danger"
    success_url = "performance:scheme-list"
    success_message = gettext_lazy("Draft discarded.")

    def perform(self, form: Any) -> None:
        scheming.discard(draft=self.object, by=user_of(self.request))


# The timetable ------------------------------------------------------------------------


def runs_text(row: Timetable) -> str:
    """How many runs a timetable asks for."""
    return _("%s kinds and periods") % len(row.runs)


def days_text(row: Timetable) -> str:
    """The days of a timetable, in the order of the form."""
    return " / ".join(str(row.body[name]) for name in timetables.DAYS)


class TimetableList(ListPage):
    """All versions of the timetable."""

    model = Timetable
    scoped = False
    permission_required = SEEN
    title = gettext_lazy("Timetable of evaluation")
    ordering = ("-version",)
    columns = (
        Column("version", gettext_lazy("Version"), sort=True),
        Column("status", gettext_lazy("State"), render=version_badge),
        Column(
            "runs",
            gettext_lazy("Evaluated by itself"),
            render=runs_text,
            export=runs_text,
        ),
        Column(
            "days",
            gettext_lazy("Days: publicity / appeal / first / second review"),
            render=days_text,
            export=days_text,
        ),
        Column("note", gettext_lazy("What was changed")),
        Column("published_at", gettext_lazy("Published at"), sort=True),
        Column("published_by", gettext_lazy("Published by")),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("published_by")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [ROOT, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("performance:timetable-edit")
        return [PageAction(_("Change"), url, "edit", True, MANAGE)]


class TimetableEdit(FormPage):
    """A new version of the timetable."""

    permission_required = MANAGE
    form_class = TimetableForm
    title = gettext_lazy("Change the timetable")
    lead = gettext_lazy("It is valid at once for periods that end from today on.")
    success_url = "performance:timetable-list"
    success_message = gettext_lazy("The timetable is in force.")

    def get_initial(self) -> dict[str, Any]:
        return timetable_initial(timetables.current().body)

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(TimetableList.title, reverse("performance:timetable-list"))
        return [ROOT, above, Crumb(self.title)]

    def perform(self, form: TimetableForm) -> Timetable:
        return scheming.change_timetable(
            body=form.body(),
            note=form.cleaned_data["note"],
            by=user_of(self.request),
        )
