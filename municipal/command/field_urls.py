"""Pages of inspectors on the phone."""

from django.urls import path
from django.views.generic import View

app_name = "field"
urlpatterns = [
    path("tasks/<uuid:uid>/", View.as_view(), name="task"),
]
