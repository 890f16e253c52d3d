"""Paths of the protocol under /exchange/v1/."""

from django.urls import path, re_path

from . import blobs, views

app_name = "exchange"

urlpatterns = [
    path("health", views.health, name="health"),
    path("enrolments", views.enrolments, name="enrolments"),
    path("heartbeats", views.beats, name="heartbeats"),
    path("deliveries", views.deliveries, name="deliveries"),
    re_path(r"^blobs/(?P<sha256>[0-9a-f]{64})$", blobs.blob, name="blob"),
    path("interfaces", views.interfaces, name="interfaces"),
    path("interfaces/<str:code>/schema", views.interface_schema, name="schema"),
    re_path(r"^(?P<rest>.*)$", views.nowhere, name="nowhere"),
]
