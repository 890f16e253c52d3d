"""Addresses of the counts for machines."""

from django.urls import path

from .count_api import Counts

app_name = "performance_counts_api"
urlpatterns = [path("performance/counts", Counts.as_view(), name="counts")]
