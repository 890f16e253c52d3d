"""Pages of the API."""

from rest_framework.pagination import CursorPagination, PageNumberPagination

MAX_PAGE_SIZE = 200


class CursorPages(CursorPagination):
    """Stable pages, newest first; cost does not grow with the depth."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE


class PageNumbers(PageNumberPagination):
    """Numbered pages with a count, for short lists."""

    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
