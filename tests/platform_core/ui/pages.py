"""Pages over organisations, made of the generic views; the tests' urlconf."""

import django_filters
from django import forms
from django.http import HttpResponse
from django.urls import include, path

from platform_core.accounts.models import OrgUnit
from platform_core.common.errors import Conflict, DomainError
from platform_core.ui.columns import Column
from platform_core.ui.live import etagged, version_of
from platform_core.ui.permissions import PUBLIC, page
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PlainPage,
)

PERMISSION = "accounts.view_orgunit"


class UnitFilter(django_filters.FilterSet):
    class Meta:
        model = OrgUnit
        fields = ["kind", "is_active"]


def close(unit, user):
    if unit.phone == "busy":
        raise Conflict("busy line")
    unit.is_active = False
    unit.save(update_fields=["is_active"])


class UnitList(ListPage):
    model = OrgUnit
    permission_required = PERMISSION
    title = "Organisations"
    filterset_class = UnitFilter
    search_fields = ("name", "code__startswith")
    columns = (
        Column("code", "Code", sort=True, link=lambda unit: f"/units/{unit.pk}/"),
        Column("name", "Name", sort=True),
        Column("kind", "Kind"),
        Column("division.name", "Division", sort="division__name"),
        Column("created_at", "Made", sort=True),
        Column("phone", "Phone", default=False),
        Column("is_active", "Active"),
    )
    ordering = ("code",)
    bulk_actions = (
        BulkAction("close", "Close", close, permission="accounts.change_orgunit"),
    )
    export_limit = 40
    live = 5

    def get_queryset(self):
        return super().get_queryset().select_related("division")


class UnitPage(DetailPage):
    model = OrgUnit
    permission_required = PERMISSION

    def get_summary(self):
        return [("Code", self.object.code), ("Phone", self.object.phone)]

    def get_actions(self):
        return [
            {"name": "Close", "allowed": True, "url": "close/"},
            {"name": "Open", "allowed": False, "why": "It is open already"},
        ]

    def get_timeline(self):
        return [{"title": "Founded", "at": self.object.created_at, "by_name": "Li"}]


class NameForm(forms.Form):
    name = forms.CharField(help_text="As on the seal")
    when = forms.DateField(required=False)
    sure = forms.BooleanField(required=False)
    note = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    way = forms.ChoiceField(
        choices=[("x", "X")], widget=forms.RadioSelect, required=False
    )


class NewUnit(FormPage):
    form_class = NameForm
    permission_required = "accounts.add_orgunit"
    title = "New"
    success_url = "/units/"
    success_message = "Made."

    def perform(self, form):
        if form.cleaned_data["name"] == "taken":
            raise DomainError("Taken", fields={"name": "Somebody has it"})
        if form.cleaned_data["name"] == "late":
            raise Conflict("Somebody was faster")


class CloseUnit(ActionPage):
    model = OrgUnit
    permission_required = "accounts.change_orgunit"
    title = "Close"
    success_url = "/units/"

    def perform(self, form):
        close(self.object, self.request.user)


class PhoneForm(forms.ModelForm):
    class Meta:
        model = OrgUnit
        fields = ["phone"]


class EditUnit(EditPage):
    model = OrgUnit
    form_class = PhoneForm
    permission_required = "accounts.change_orgunit"
    title = "Edit"
    success_url = "/units/"

    def perform(self, form):
        return form.save() and None


class Unstated(PlainPage):
    template_name = "ui/gallery.html"


@page(permission=PERMISSION)
def broken_rule(request):
    raise Conflict("This is taken", fields={"name": "x"})


@page(permission=PERMISSION)
def fault(request):
    raise RuntimeError("a fault")


@page(permission=PUBLIC)
def open_to_all(request):
    return HttpResponse("hello")


CALLS = []


@page(permission=PERMISSION)
@etagged(version=lambda request: version_of("things"))
def counted(request):
    CALLS.append(request.path)
    return HttpResponse("things")


@page(permission=PERMISSION)
@etagged
def tagged(request):
    return HttpResponse(request.GET.get("text", ""))


handler400 = "platform_core.ui.views.errors.bad_request"
handler403 = "platform_core.ui.views.errors.forbidden"
handler404 = "platform_core.ui.views.errors.not_found"
handler500 = "platform_core.ui.views.errors.server_error"

urlpatterns = [
    path("units/", UnitList.as_view(), name="units"),
    path("units/<int:pk>/", UnitPage.as_view()),
    path("units/<int:pk>/close/", CloseUnit.as_view()),
    path("units/<int:pk>/edit/", EditUnit.as_view()),
    path("units/new/", NewUnit.as_view()),
    path("unstated/", Unstated.as_view()),
    path("rule/", broken_rule),
    path("api/rule/", broken_rule),
    path("fault/", fault),
    path("open/", open_to_all),
    path("counted/", counted),
    path("tagged/", tagged),
    path("", include("municipal.urls")),
]
