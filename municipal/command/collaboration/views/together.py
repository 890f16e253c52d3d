"""Pages of merging, batches and the second level."""

from typing import Any

import django_filters
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration import selectors
from municipal.command.collaboration.enums import BatchState, DistrictState
from municipal.command.collaboration.forms import (
    BatchForm,
    InsideForm,
    MergeForm,
    PassForm,
    PlatformForm,
    ReasonForm,
)
from municipal.command.collaboration.models import (
    Batch,
    DistrictCase,
    DistrictPlatform,
)
from municipal.command.collaboration.services import batches, district, merging
from municipal.command.requests import user_of
from municipal.command.views.actions import stored
from platform_core.common.errors import DomainError
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)
from platform_core.ui.views.forms import add_error

from .duty import yes
from .work import ROOT, CasePage

RUN = "collaboration.run_batch"


class MergePage(CasePage):
    permission_required = "collaboration.merge_case"
    title = _("Merge into another case")
    submit_label = _("Merge")
    form_class = MergeForm
    following = ("main",)
    lead = _("The case waits for the main case and is closed with it.")

    def get_form_kwargs(self):
        more = {"case": self.object, "user": user_of(self.request)}
        return super().get_form_kwargs() | more

    def perform(self, form):
        merging.merge(
            case=self.object,
            main=form.cleaned_data["main"],
            by=user_of(self.request),
            reason=form.cleaned_data["reason"],
        )


class UnmergePage(CasePage):
    permission_required = "collaboration.merge_case"
    title = _("Take apart again")
    form_class = ReasonForm

    def perform(self, form):
        return merging.unmerge(
            case=self.object, by=user_of(self.request), **form.cleaned_data
        )


class BatchPage(DetailPage):
    """Which of the chosen cases would go, which not and why; then the report."""

    model = Batch
    lookup = "uid"
    permission_required = RUN
    template_name = "collaboration/batch.html"
    object: Batch

    def get_breadcrumbs(self):
        return [ROOT, Crumb(str(self.object))]

    def get_form(self) -> BatchForm:
        numbers = [case.number for case in batches.cases_of(self.object)]
        data = self.request.POST if self.request.method == "POST" else None
        return BatchForm(data, action=self.object.action, numbers=numbers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch = self.object
        rows = []
        if batch.state == BatchState.PREVIEW:
            rows = batches.preview(batch)
            kwargs.setdefault("form", self.get_form())
        return super().get_context_data(
            rows=[{"case": case, "why": why} for case, why in rows],
            going=sum(not why for _case, why in rows),
            is_preview=batch.state == BatchState.PREVIEW,
            many=len(batch.cases) > batches.MOST_AT_ONCE,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.object = self.get_object()
        form = self.get_form()
        if form.is_valid():
            try:
                return HttpResponseRedirect(self.begin(form))
            except DomainError as error:
                add_error(form, error)
        context = self.get_context_data(form=form)
        return render(request, self.template_name, context, status=422)

    def begin(self, form: BatchForm) -> str:
        """Do it, or start it as a job; where the report will be."""
        user = user_of(self.request)
        batch = batches.begin(batch=self.object, by=user, given=form.values())
        if batch.job is not None:
            return str(batch.job.get_absolute_url())
        return str(batches.run(batch).get_absolute_url())


class DistrictFilter(django_filters.FilterSet):
    """By platform and state."""

    platform = django_filters.ModelChoiceFilter(
        label=_("Second-level platform"),
        queryset=DistrictPlatform.objects.select_related("unit"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=DistrictState.choices, empty_label=_("All")
    )

    class Meta:
        model = DistrictCase
        fields = ("platform", "state")


class DistrictList(ListPage):
    """The cases of the second level under their own numbers."""

    model = DistrictCase
    permission_required = "command.view_case"
    title = _("Second-level dispatch")
    filterset_class = DistrictFilter
    search_fields = ("number__startswith", "case__number__startswith")
    ordering = ("returned_at", "received_at", "pk")
    live = 5
    empty_text = _("Cases appear here when the city dispatches to a district.")
    columns = (
        Column("number", _("Number of the district"), sort=True, link=True),
        Column("case.number", _("Case number")),
        Column("case.class_name", _("Class")),
        Column("platform", _("Second-level platform")),
        Column("state", _("State"), sort=True),
        Column(
            "case.handling_deadline",
            _("Time left"),
            render=lambda row: components.deadline(row.case.deadline, row.case.light),
        ),
        Column("received_at", _("Received at"), sort=True),
        Column("returned_at", _("Returned at"), sort=True),
    )

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("case", "platform__unit")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("collaboration:district-figures")
        return [PageAction(_("Figures of the districts"), url)]


class DistrictFigures(PlainPage):
    """The second-level platforms in figures."""

    permission_required = "collaboration.view_units"
    template_name = "collaboration/district_figures.html"
    title = _("Figures of the districts")

    def get_breadcrumbs(self):
        url = reverse("collaboration:district-list")
        return [ROOT, Crumb(_("Second-level dispatch"), url)]

    def get_context_data(self, **kwargs):
        rows = selectors.district_figures(user_of(self.request))
        return super().get_context_data(rows=rows, **kwargs)


class DistrictPage(ActionPage):
    """A dialog about a case of the second level."""

    model = DistrictCase
    permission_required = "collaboration.dispatch_inside"
    object: DistrictCase

    def get_queryset(self):
        return super().get_queryset().select_related("platform__unit", "case")


class InsidePage(DistrictPage):
    title = _("Dispatch inside")
    form_class = InsideForm

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return {**kwargs, "platform": self.object.platform.unit}

    def perform(self, form):
        district.dispatch_inside(
            row=self.object, by=user_of(self.request), **form.cleaned_data
        )


class PassPage(DistrictPage):
    title = _("Return the result to the city")
    form_class = PassForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "row": self.object}

    @transaction.atomic
    def perform(self, form):
        user = user_of(self.request)
        return district.pass_on(
            row=self.object,
            by=user,
            note=form.cleaned_data["note"],
            attachments=stored(form, "photos", user),
            inspector=form.cleaned_data.get("inspector"),
        )


class PlatformsPage(PlainPage):
    """Which units dispatch again inside themselves."""

    permission_required = "collaboration.manage_platforms"
    template_name = "collaboration/platforms.html"
    title = _("Second-level platforms")

    def get_page_actions(self):
        url = reverse("collaboration:platform-set")
        return [PageAction(_("Set a platform"), url, "plus", True, dialog=True)]

    def get_context_data(self, **kwargs):
        rows = DistrictPlatform.objects.select_related("unit")
        shown = [
            {
                "row": row,
                "checks": yes(row.delegated_check),
                "on": yes(row.is_active),
            }
            for row in rows
        ]
        return super().get_context_data(rows=shown, **kwargs)


class PlatformSet(FormPage):
    permission_required = "collaboration.manage_platforms"
    form_class = PlatformForm
    title = _("Set a platform")
    success_url = "collaboration:platform-list"

    def perform(self, form):
        return district.set_platform(by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        return reverse(self.success_url)
