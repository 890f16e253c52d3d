"""Interfaces of field work, below /api/v1/field-work/."""

from django.urls import path

from .views import PositionsView, TrackView, WorkView

app_name = "patrol_api"
urlpatterns = [
    path("positions", PositionsView.as_view(), name="positions"),
    path("people/<int:pk>/track", TrackView.as_view(), name="track"),
    path("people/<int:pk>/work", WorkView.as_view(), name="work"),
]
