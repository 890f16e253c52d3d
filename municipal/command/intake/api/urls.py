"""Interfaces of the reception, below /api/v1/."""

from django.urls import path

from .views import CallEventView, LeadView

app_name = "intake_api"
urlpatterns = [
    path("calls/events", CallEventView.as_view(), name="call-events"),
    path("leads", LeadView.as_view(), name="leads"),
]
