"""Addresses of the catalogue."""

from django.urls import path

from . import views

urlpatterns = [
    path("classes", views.ClassTreeView.as_view(), name="class-tree"),
    path("classes/edition", views.DefaultEditionView.as_view(), name="class-edition"),
    path(
        "classes/<str:edition>/<str:kind>/<str:code>",
        views.ClassDetailView.as_view(),
        name="class-detail",
    ),
    path(
        "classes/<str:edition>/<str:kind>/<str:code>/conditions/<str:number>",
        views.ConditionView.as_view(),
        name="class-condition",
    ),
]
