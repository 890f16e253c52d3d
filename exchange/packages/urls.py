"""Pages under /exchange/packages/."""

from django.urls import path

from .views import packages, problems, work

app_name = "packages"

urlpatterns = [
    path("", packages.PackageList.as_view(), name="package-list"),
    path("make/", work.Make.as_view(), name="make"),
    path("bring/", work.Bring.as_view(), name="bring"),
    path("problems/", problems.ProblemList.as_view(), name="problem-list"),
    path("<uuid:uid>/", packages.PackagePage.as_view(), name="package"),
    path("<uuid:uid>/file/", work.download, name="file"),
    path("<uuid:uid>/take/", work.Take.as_view(), name="take"),
    path("<uuid:uid>/again/", work.Again.as_view(), name="again"),
    path("<uuid:uid>/discard/", work.Discard.as_view(), name="discard"),
]
