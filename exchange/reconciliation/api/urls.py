"""Paths under /exchange/v1/; they come before those of delivery."""

from django.urls import path

from . import views

app_name = "exchange-reconciliation"

urlpatterns = [
    path("interfaces/<str:code>/digest", views.digest, name="digest"),
]
