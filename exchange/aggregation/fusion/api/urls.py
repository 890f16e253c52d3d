"""Addresses of fusion under /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("fusion/tasks", views.TaskListView.as_view(), name="fusion-task-list"),
    path("fusion/runs", views.RunListView.as_view(), name="fusion-run-list"),
    path(
        "fusion/unmatched",
        views.UnmatchedListView.as_view(),
        name="fusion-unmatched-list",
    ),
    path("fusion/pairs", views.PairListView.as_view(), name="fusion-pair-list"),
    path(
        "fusion/pairs/<uuid:uid>/decision",
        views.PairDecisionView.as_view(),
        name="fusion-pair-decision",
    ),
    path("fusion/masters", views.MasterListView.as_view(), name="fusion-master-list"),
    path("fusion/masters/<uuid:uid>", views.MasterView.as_view(), name="fusion-master"),
]
