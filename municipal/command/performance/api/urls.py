"""Addresses of evaluation for other systems."""

from django.urls import path

from .results import RunListView, RunResultsView, RunResultView

app_name = "performance_api"
urlpatterns = [
    path("performance/runs", RunListView.as_view(), name="runs"),
    path("performance/runs/<int:pk>/results", RunResultsView.as_view(), name="results"),
    path(
        "performance/runs/<int:pk>/results/<str:key>",
        RunResultView.as_view(),
        name="result",
    ),
]
