"""Addresses of the catalogue."""

from django.urls import path

from . import views

urlpatterns = [
    path("classes", views.ClassTreeView.as_view(), name="class-tree"),
    path(
        "classes/<str:edition>/<str:kind>/<str:code>",
        views.ClassDetailView.as_view(),
        name="class-detail",
    ),
]
