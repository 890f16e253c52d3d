"""Pages whose table of figures can be had as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _

from platform_core.common.clock import today
from platform_core.ui import exports
from platform_core.ui.columns import Column

from .base import PageAction, PageMixin, PlainPage


class SheetMixin(PageMixin):
    """A page with a table that is no list of rows; `export=` gives it as a file."""

    columns: Sequence[Column] = ()

    def rows(self) -> Iterable[Any]:
        """The rows of the table, in order."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        wanted = request.GET.get("export", "")
        if not wanted:
            return super().get(request, *args, **kwargs)  # type: ignore[misc]
        write = exports.FORMATS.get(wanted)
        if write is None:
            raise Http404(wanted)
        name = slugify(str(self.get_title()), allow_unicode=True)
        return write(self.columns, self.rows(), f"{name}-{today()}")

    def get_page_actions(self) -> list[PageAction]:
        query = self.request.GET.copy()
        query["export"] = "xlsx"
        export = PageAction(_("Export"), f"?{query.urlencode()}", icon="download")
        return [*super().get_page_actions(), export]


class SheetPage(SheetMixin, PlainPage):
    """Nothing but such a table, with a note above it."""

    template_name = "ui/sheet.html"
    note: Any = ""
    empty_text: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.rows())
        table = [
            [(column.classes, column.cell(row)) for column in self.columns]
            for row in rows
        ]
        return super().get_context_data(
            columns=self.columns,
            table=table,
            note=self.note,
            empty_text=self.empty_text,
            **self.beside(rows),
            **kwargs,
        )

    def beside(self, rows: list[Any]) -> dict[str, Any]:
        """What else the page shows."""
        return {}
