"""Paths under /exchange/v1/; they come before those of delivery."""

from django.urls import path

from . import views

app_name = "exchange-feeds"

urlpatterns = [
    path("subscriptions", views.subscriptions, name="subscriptions"),
    path("subscriptions/<str:uid>", views.subscription, name="subscription"),
    path("interfaces/<str:code>/changes", views.changes, name="changes"),
]
