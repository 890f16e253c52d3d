"""Pages of imports: hand in, map the columns, try, import."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.imports import services, targets
from municipal.command.basedata.imports.forms import (
    DeliveryForm,
    MappingForm,
    SystemForm,
    system_choices,
)
from municipal.command.basedata.models import (
    CoordinateSystem,
    Delivery,
    ImportProfile,
)
from municipal.command.requests import user_of
from platform_core.jobs.enums import JobState
from platform_core.jobs.models import Job
from platform_core.jobs.views import badge
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

IMPORT = "basedata.import_data"
CRUMB = Crumb(gettext_lazy("Base data"))


def names_of(code: str, choices: list[tuple[str, Any]]) -> str:
    """The label of a choice, also inside groups."""
    for value, label in choices:
        if isinstance(label, list):
            found = dict(label).get(code)
            if found:
                return str(found)
        elif value == code:
            return str(label)
    return code


def job_badge(job: Job | None) -> object:
    """How a job stands; a dash before it was started."""
    return badge(job) if job else "—"


class DeliveryList(ListPage):
    """Files that were handed in."""

    model = Delivery
    permission_required = IMPORT
    title = gettext_lazy("Imports of base data")
    search_fields = ("name",)
    ordering = ("-pk",)
    empty_text = gettext_lazy("Files of censuses and layers are handed in here.")
    columns = (
        Column("name", gettext_lazy("File"), link=True),
        Column("format", gettext_lazy("Format")),
        Column(
            "trial",
            gettext_lazy("Trial"),
            render=lambda row: job_badge(row.trial),
        ),
        Column("run", gettext_lazy("Import"), render=lambda row: job_badge(row.run)),
        Column("by.full_name", gettext_lazy("Handed in by")),
        Column("created_at", gettext_lazy("Handed in"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("by", "trial", "run")

    def get_breadcrumbs(self):
        return [CRUMB, Crumb(self.title)]

    def get_page_actions(self):
        return [
            PageAction(
                _("Local coordinate systems"),
                reverse("basedata:system-list"),
                icon="settings",
            ),
            PageAction(
                _("Hand in a file"),
                reverse("basedata:delivery-add"),
                icon="upload",
                primary=True,
            ),
        ]


class DeliveryAdd(FormPage):
    """Hand in a file."""

    permission_required = IMPORT
    form_class = DeliveryForm
    title = gettext_lazy("Hand in a file")
    submit_label = gettext_lazy("Look into it")
    success_url = ""

    def get_breadcrumbs(self):
        url = reverse("basedata:delivery-list")
        return [Crumb(_("Imports of base data"), url), Crumb(self.title)]

    def get_cancel_url(self):
        return reverse("basedata:delivery-list")

    def perform(self, form):
        given = form.cleaned_data
        return services.receive(
            given["file"],
            target=given["target"],
            encoding=given["encoding"],
            coord_sys=given["coord_sys"],
            by=user_of(self.request),
        )

    def get_success_url(self, result):
        return reverse("basedata:delivery-columns", args=[result.uid])


class DeliveryDetail(DetailPage):
    """A file, how its columns are read, and how far its import is."""

    model = Delivery
    lookup = "uid"
    permission_required = IMPORT
    template_name = "basedata/delivery.html"
    object: Delivery

    def get_queryset(self):
        return super().get_queryset().select_related("by", "trial", "run")

    def get_breadcrumbs(self):
        url = reverse("basedata:delivery-list")
        return [CRUMB, Crumb(_("Imports of base data"), url), Crumb(self.object.name)]

    def get_summary(self):
        row = self.object
        return [
            (_("File"), row.name),
            (_("What it holds"), target_name(row.target)),
            (_("Format"), row.get_format_display()),
            (_("Encoding"), row.get_encoding_display()),
            (_("Coordinate system"), names_of(row.coord_sys, system_choices())),
            (_("Handed in by"), row.by.full_name),
            (_("Handed in"), row.created_at),
        ]

    def get_actions(self):
        row = self.object
        tried = row.trial is not None and row.trial.state == JobState.DONE
        busy = row.run is not None and row.run.is_open
        why = _("the import is under way") if busy else _("let a trial end first")
        return [
            self._option("columns", _("Choose the columns")),
            self._option("trial", _("Try it")),
            self._option("import", _("Import it"), allowed=tried and not busy, why=why),
        ]

    def _option(
        self, code: str, label: str, *, allowed: bool = True, why: str = ""
    ) -> dict[str, Any]:
        url = reverse(f"basedata:delivery-{code}", args=[self.object.uid])
        return {"name": label, "allowed": allowed, "why": why, "url": url}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        labels = {field.code: field.label for field in targets.fields_of(row.target)}
        mapped = [
            (labels.get(name, _("Further attributes")), value)
            for name, value in row.mapping.items()
            if value
        ]
        jobs = [job for job in (row.trial, row.run) if job]
        return super().get_context_data(
            mapped=mapped,
            jobs=[{"job": job, "badge": badge(job)} for job in jobs],
            **kwargs,
        )


def target_name(target: str) -> str:
    """What a file holds, in words."""
    if target.startswith(targets.LAYER):
        return f"{_('Thematic layer')} {target.removeprefix(targets.LAYER)}"
    return _("Managed components")


class ColumnsPage(ActionPage):
    """Say which column is which field."""

    model = Delivery
    lookup = "uid"
    permission_required = IMPORT
    title = gettext_lazy("Choose the columns")
    submit_label = gettext_lazy("Save")
    template_name = "basedata/columns.html"
    object: Delivery

    def get_initial(self):
        profile = self._profile()
        return {**self.object.mapping, **(profile.mapping if profile else {})}

    def _profile(self):
        name = self.request.GET.get("use", "")
        rows = ImportProfile.objects.filter(target=self.object.target)
        return rows.filter(name=name).first() if name else None

    def get_form(self):
        return MappingForm(delivery=self.object, **self.get_form_kwargs())

    def perform(self, form):
        return services.map_columns(
            self.object,
            form.mapping(),
            by=user_of(self.request),
            profile=form.cleaned_data["profile"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        profiles = ImportProfile.objects.filter(target=self.object.target)
        return {**super().get_context_data(**kwargs), "profiles": profiles}


class TrialPage(ActionPage):
    """Read the file without storing anything."""

    model = Delivery
    lookup = "uid"
    permission_required = IMPORT
    title = gettext_lazy("Try it")
    submit_label = gettext_lazy("Try it")
    lead = gettext_lazy("Every row is checked; nothing is stored.")

    def perform(self, form):
        return services.start_trial(self.object, by=user_of(self.request))


class ImportPage(TrialPage):
    """Store the rows."""

    title = gettext_lazy("Import it")
    submit_label = gettext_lazy("Import it")
    lead = gettext_lazy("Rows that pass are stored; a second time changes nothing.")

    def perform(self, form):
        return services.start_import(self.object, by=user_of(self.request))


class SystemList(ListPage):
    """Local coordinate systems."""

    model = CoordinateSystem
    scoped = False
    permission_required = IMPORT
    title = gettext_lazy("Local coordinate systems")
    ordering = ("code",)
    columns = (
        Column("code", gettext_lazy("Code"), sort=True),
        Column("name", gettext_lazy("Name")),
        Column("definition", gettext_lazy("Definition for PROJ")),
    )
    empty_text = gettext_lazy("A city's own coordinate system is described here.")

    def get_breadcrumbs(self):
        url = reverse("basedata:delivery-list")
        return [Crumb(_("Imports of base data"), url), Crumb(self.title)]

    def get_page_actions(self):
        url = reverse("basedata:system-add")
        return [PageAction(_("Describe one"), url, icon="plus", primary=True)]


class SystemAdd(FormPage):
    """Describe a local coordinate system."""

    permission_required = IMPORT
    form_class = SystemForm
    title = gettext_lazy("Describe a local coordinate system")
    lead = gettext_lazy("A PROJ string, a WKT text or an EPSG code.")

    def get_breadcrumbs(self):
        url = reverse("basedata:system-list")
        return [Crumb(_("Local coordinate systems"), url), Crumb(self.title)]

    def get_cancel_url(self):
        return reverse("basedata:system-list")

    def perform(self, form):
        return services.save_system(by=user_of(self.request), **form.cleaned_data)
