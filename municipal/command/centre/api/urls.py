"""Interfaces of the command centre, below /api/v1/."""

from django.urls import path

from .views import DetectionView

app_name = "centre_api"
urlpatterns = [path("video/detections", DetectionView.as_view(), name="detections")]
