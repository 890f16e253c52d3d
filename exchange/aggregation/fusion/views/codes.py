"""Code maps: list, entries, drafts, files, publishing."""

from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion import selectors, sheets
from exchange.aggregation.fusion.enums import Life
from exchange.aggregation.fusion.forms import (
    CodeMapForm,
    CodesFileForm,
    EntryForm,
    PublishForm,
)
from exchange.aggregation.fusion.models import CodeEntry, CodeMap
from exchange.aggregation.fusion.services import codes as service
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    FormPage,
    ListPage,
    ObjectMixin,
    PageAction,
)

from .parts import action, asked, badge, below, draft_of

VIEW, CHANGE = "fusion.view_codemap", "fusion.change_codemap"


class CodeMapList(ListPage):
    """Which fields of which sources are mapped to standard codes."""

    model = CodeMap
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Code maps")
    empty_text = gettext_lazy(
        "Publishing a fusion task makes the maps that its coded fields need."
    )
    search_fields = ("table__code", "table__name", "field", "source", "codes__code")
    ordering = ("table__code", "field", "source")
    columns = (
        Column("table", gettext_lazy("Table"), sort="table__code", link=True),
        Column("field", gettext_lazy("Field"), sort=True),
        Column("source", gettext_lazy("Source"), sort=True),
        Column("codes", gettext_lazy("Code list"), sort="codes__code"),
        Column("current.number", gettext_lazy("Published version"), number=True),
        Column("current.published_at", gettext_lazy("Published"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("table", "codes", "current")

    def get_page_actions(self):
        return [
            PageAction(
                _("Make a code map"),
                reverse("fusion:codemap-make"),
                icon="plus",
                primary=True,
                permission=CHANGE,
                dialog=True,
            )
        ]


class CodeMapMake(FormPage):
    """A map for a field of a source."""

    form_class = CodeMapForm
    permission_required = CHANGE
    title = gettext_lazy("Make a code map")
    success_message = gettext_lazy("The draft is made.")

    def get_breadcrumbs(self):
        return below(CodeMapList, "codemap-list", self.title)

    def perform(self, form):
        return service.make(by=self.request.user, **form.cleaned_data)


class MapMixin(ObjectMixin):
    """Finds the map of the address."""

    object: Any
    title: Any
    model = CodeMap
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("table", "codes", "current")

    def get_breadcrumbs(self):
        return below(CodeMapList, "codemap-list", self.object, self.title)


class CodeMapPage(MapMixin, DetailPage):
    """A map: versions, what differs, what is unmatched."""

    permission_required = VIEW
    template_name = "fusion/codemap.html"

    def get_breadcrumbs(self):
        return below(CodeMapList, "codemap-list", self.object)

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("Field"), row.field),
            (_("Source"), row.source or _("All sources")),
            (_("Code list"), row.codes),
            (_("Published version"), row.current and row.current.number),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        draft, none = row.draft, _("There is no draft")
        return [
            *action(
                user,
                "codemap-draft",
                _("Edit a draft"),
                row.uid,
                CHANGE,
                allowed=not draft,
                why=_("There is a draft"),
            ),
            *action(
                user,
                "entry-add",
                _("Add a code"),
                row.uid,
                CHANGE,
                allowed=draft,
                why=none,
            ),
            *action(
                user,
                "codes-take",
                _("Take codes from a file"),
                row.uid,
                CHANGE,
                allowed=draft,
                why=none,
            ),
            *action(
                user,
                "codemap-publish",
                _("Publish"),
                row.uid,
                "fusion.publish_codemap",
                allowed=draft,
                why=none,
            ),
        ]

    def get_page_actions(self):
        version = asked(self.request, self.object.versions)
        if version is None:
            return []
        entries = reverse("fusion:entry-list", args=[self.object.uid])
        unmatched = reverse("fusion:unmatched-list")
        return [
            PageAction(
                _("All codes of this version"),
                f"{entries}?version={version.number}",
                icon="list",
            ),
            PageAction(
                _("Unmatched codes"),
                f"{unmatched}?code_map={self.object.pk}&state=open",
                icon="alert",
            ),
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        version = asked(self.request, row.versions)
        draft = bool(version and version.is_draft)
        old = row.current if draft else None
        return super().get_context_data(
            version=version,
            badge=version and badge(version),
            entries=version.entries.all()[:100] if version else [],
            total=version.entries.count() if version else 0,
            versions=[(one, badge(one)) for one in row.versions.all()],
            editable=draft and self.request.user.has_perm(CHANGE),
            differences=selectors.code_differences(old, version) if old else [],
            **kwargs,
        )


class EntryList(ListPage):
    """All codes of a version, to look through and to take along as a file."""

    model = CodeEntry
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Codes of a map")
    empty_text = gettext_lazy("This version has no codes.")
    search_fields = ("given", "standard", "note")
    ordering = ("given",)
    columns = (
        Column("given", gettext_lazy("Source code"), sort=True),
        Column("standard", gettext_lazy("Standard code"), sort=True),
        Column("note", gettext_lazy("Note")),
    )

    def get_breadcrumbs(self):
        found = self.version()
        return below(CodeMapList, "codemap-list", found.code_map, f"v{found.number}")

    def version(self):
        maps = CodeMap.objects.select_related("table")
        found = maps.filter(uid=self.kwargs["uid"]).first()
        return asked(self.request, found.versions if found else CodeMap.objects.none())

    def get_queryset(self):
        return super().get_queryset().filter(version=self.version())


class MapAction(MapMixin, ActionPage):
    """Something done to a map."""

    permission_required = CHANGE


class CodeMapDraft(MapAction):
    """Begin a new version."""

    title = gettext_lazy("Edit a draft")
    lead = gettext_lazy("The draft begins as a copy of the published version.")

    def perform(self, form):
        return service.draft(code_map=self.object, by=self.request.user)


class EntryAdd(MapAction):
    """Say what a code means."""

    form_class = EntryForm
    title = gettext_lazy("Add a code")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "code_map": self.object}

    def perform(self, form):
        service.keep(
            version=draft_of(self.object), by=self.request.user, **form.cleaned_data
        )


class CodesTake(MapAction):
    """Many codes out of a file; the wrong lines are shown."""

    form_class = CodesFileForm
    title = gettext_lazy("Take codes from a file")
    lead = gettext_lazy("Codes that the draft has already get the file's meaning.")

    def perform(self, form):
        taken, refused = service.take_file(
            version=draft_of(self.object),
            lines=sheets.lines(form.cleaned_data["file"]),
            by=self.request.user,
        )
        context = {
            **self.page_context(),
            "object": self.object,
            "taken": taken,
            "refused": refused,
            "actions": [],
            "summary": [],
            "timeline": [],
        }
        return render(self.request, "fusion/taken.html", context)


class CodeMapPublish(MapAction):
    """The draft becomes what counts."""

    form_class = PublishForm
    permission_required = "fusion.publish_codemap"
    title = gettext_lazy("Publish")
    lead = gettext_lazy("Runs from now on use the draft.")
    success_message = gettext_lazy("Published.")

    def perform(self, form):
        service.publish(
            version=draft_of(self.object), by=self.request.user, **form.cleaned_data
        )


class EntryMixin(ObjectMixin):
    """Finds an entry of a draft."""

    object: Any
    model = CodeEntry
    scoped = False
    permission_required = CHANGE

    def get_queryset(self):
        rows = super().get_queryset().filter(version__state=Life.DRAFT)
        return rows.select_related("version__code_map__table")

    def get_breadcrumbs(self):
        code_map = self.object.version.code_map
        return below(CodeMapList, "codemap-list", code_map, self.object.given)

    def get_cancel_url(self):
        return self.object.version.code_map.get_absolute_url()

    def get_success_url(self, result):
        return self.get_cancel_url()


class EntryEdit(EntryMixin, ActionPage):
    """Another meaning for a code of the draft."""

    form_class = EntryForm
    title = gettext_lazy("Change the code")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "code_map": self.object.version.code_map}

    def get_initial(self):
        row = self.object
        return {"given": row.given, "standard": row.standard, "note": row.note}

    def perform(self, form):
        row, by = self.object, self.request.user
        if form.cleaned_data["given"].strip() != row.given:
            service.drop(entry=row, by=by)
        service.keep(version=row.version, by=by, **form.cleaned_data)


class EntryDrop(EntryMixin, ActionPage):
    """Take a code out of the draft."""

    title = gettext_lazy("Take the code out")
    submit_level = "danger"
    success_message = gettext_lazy("The code is taken out.")

    def perform(self, form):
        service.drop(entry=self.object, by=self.request.user)
