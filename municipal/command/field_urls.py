"""Pages of inspectors on the phone."""

from django.urls import path

from .views import field

app_name = "field"
urlpatterns = [
    path("", field.FieldHome.as_view(), name="home"),
    path("report/", field.FieldReport.as_view(), name="report"),
    path("mine/", field.FieldMine.as_view(), name="mine"),
    path("tasks/<uuid:uid>/", field.FieldTask.as_view(), name="task"),
]
