"""The app of the phone, below /field/app/."""

from django.urls import path

from . import views

app_name = "phone"
urlpatterns = [
    path("", views.app, name="app"),
    path("sw.js", views.service_worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("icon.png", views.icon, name="icon"),
]
