"""Pages of case handling."""

from django.urls import path
from django.views.generic import View

app_name = "command"
urlpatterns = [
    path("cases/<uuid:uid>/", View.as_view(), name="case-detail"),
]
