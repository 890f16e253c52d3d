"""Addresses of cleansing under /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("cleansing/runs", views.RunListView.as_view(), name="cleansing-run-list"),
    path(
        "cleansing/scores", views.ScoreListView.as_view(), name="cleansing-score-list"
    ),
    path(
        "cleansing/problems",
        views.ProblemListView.as_view(),
        name="cleansing-problem-list",
    ),
    path(
        "cleansing/problems/<uuid:uid>/answer",
        views.ProblemAnswerView.as_view(),
        name="cleansing-problem-answer",
    ),
]
