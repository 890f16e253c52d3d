"""Filters of the API."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request


class GivenFilters(DjangoFilterBackend):
    """Filters by what the address asks for; without that no form is made."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        if not request.query_params:
            return queryset
        found: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return found
