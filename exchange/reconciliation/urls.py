"""Pages under /exchange/certificates/."""

from django.urls import path

from .views import certificates as pages

app_name = "reconciliation"

urlpatterns = [
    path("", pages.CertificateList.as_view(), name="certificate-list"),
    path("compare/", pages.CompareNow.as_view(), name="compare"),
    path("<uuid:uid>/", pages.CertificatePage.as_view(), name="certificate"),
    path("<uuid:uid>/file/", pages.download, name="certificate-file"),
]
