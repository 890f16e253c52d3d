"""Addresses for other dispatch systems."""

from django.urls import path

from .views import PushedCaseView, PushView

app_name = "collaboration_api"
urlpatterns = [
    path("external/cases", PushView.as_view(), name="push"),
    path("external/cases/<str:number>", PushedCaseView.as_view(), name="pushed"),
]
