"""Addresses of background work."""

from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<uuid:uid>/", views.JobDetail.as_view(), name="detail"),
    path("<uuid:uid>/problems.csv", views.problems, name="problems"),
    path("<uuid:uid>/files/<str:name>", views.output, name="output"),
    path("<uuid:uid>/cancel/", views.CancelPage.as_view(), name="cancel"),
    path("<uuid:uid>/retry/", views.RetryPage.as_view(), name="retry"),
]
