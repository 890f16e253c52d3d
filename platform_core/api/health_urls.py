"""Addresses that a supervisor or load balancer asks."""

from django.urls import path

from .health import alive, ready

app_name = "health"
urlpatterns = [
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
]
