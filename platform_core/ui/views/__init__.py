"""Generic pages: list, detail, form, action."""

from .base import Crumb, PageAction, PageMixin, PlainPage, ScopedMixin
from .detail import DetailPage, ObjectMixin
from .forms import ActionPage, EditPage, FormPage, add_error
from .listing import BulkAction, ListPage
from .sheets import SheetMixin, SheetPage

__all__ = [
    "ActionPage",
    "BulkAction",
    "Crumb",
    "DetailPage",
    "EditPage",
    "FormPage",
    "ListPage",
    "ObjectMixin",
    "PageAction",
    "PageMixin",
    "PlainPage",
    "ScopedMixin",
    "SheetMixin",
    "SheetPage",
    "add_error",
]
