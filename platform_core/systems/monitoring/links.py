"""Where a case made here is worked on; a system below tells, none need to."""

from collections.abc import Callable
from uuid import UUID

_pages: list[Callable[[UUID], str]] = []


def register_case_page(url_of: Callable[[UUID], str]) -> None:
    """Name the function that gives the working page of a case's uid."""
    _pages[:] = [url_of]


def case_page(uid: UUID) -> str:
    """The working page of a case, empty where nobody registered one."""
    return _pages[0](uid) if _pages else ""
