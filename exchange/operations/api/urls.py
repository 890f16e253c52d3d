"""Paths under /exchange/v1/; they come before those of delivery."""

from django.urls import path

from . import views

app_name = "exchange-operations"

urlpatterns = [path("traces/<uuid:uid>", views.trace, name="trace")]
