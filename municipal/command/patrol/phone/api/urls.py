"""Interfaces of the phone, below /api/v1/field/."""

from django.urls import path

from .views import BundleView, DropView, QueueView, SyncView

app_name = "phone_api"
urlpatterns = [
    path("sync", SyncView.as_view(), name="sync"),
    path("sync/<uuid:uid>", QueueView.as_view(), name="queue"),
    path("sync/<uuid:uid>/<uuid:entry>/drop", DropView.as_view(), name="drop"),
    path("bundle", BundleView.as_view(), name="bundle"),
]
