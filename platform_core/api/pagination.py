"""Pages of the API."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Cursor pages, newest first."""

    ordering = "-pk"
