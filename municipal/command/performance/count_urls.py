"""Addresses of the counts and of what is behind them."""

from django.urls import path

from . import count_views as views

urlpatterns = [
    path("counts/", views.CountsPage.as_view(), name="counts"),
    path("counts/cases/", views.CasesPage.as_view(), name="cases"),
    path("counts/measures/", views.MeasuresPage.as_view(), name="measures"),
    path("counts/rebuild/", views.RebuildPage.as_view(), name="rebuild"),
    path("counts/<slug:kind>/<str:key>/", views.ObjectPage.as_view(), name="object"),
]
