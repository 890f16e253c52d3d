"""Pages of surveys on the phone."""

from django.urls import path, re_path

from .views import field

app_name = "field_surveys"
urlpatterns = [
    path("", field.FieldSurveys.as_view(), name="list"),
    path("<int:pk>/", field.FieldGrid.as_view(), name="grid"),
    path("<int:pk>/missing/", field.FieldMissing.as_view(), name="missing"),
    re_path(
        r"^(?P<pk>\d+)/(?P<code>\d{16,17})/$",
        field.FieldFinding.as_view(),
        name="finding",
    ),
]
