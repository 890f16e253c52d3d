"""Addresses of the notices."""

from django.urls import path

from . import views

urlpatterns = [
    path("notices", views.NoticeListView.as_view(), name="notice-list"),
    path("notices/read", views.NoticeReadAllView.as_view(), name="notice-read-all"),
    path("notices/<int:pk>/read", views.NoticeReadView.as_view(), name="notice-read"),
]
