"""What ends soon."""

from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations.selectors import endings
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import SheetPage

from .board import VIEW

URGENT = 7


def left(row):
    return status(row.days, "red" if row.days <= URGENT else "yellow")


def address(row):
    return row.url


class EndingsPage(SheetPage):
    """Keys, subscriptions and versions whose end is near."""

    permission_required = VIEW
    title = gettext_lazy("What ends soon")
    note = gettext_lazy(
        "Within 30 days. Who looks after it is told 30, 7 and 1 days before."
    )
    empty_text = gettext_lazy("Nothing ends within 30 days.")
    columns = (
        Column("kind", gettext_lazy("Kind")),
        Column("subject", gettext_lazy("What ends"), link=address),
        Column("platform", gettext_lazy("Platform")),
        Column("ends_at", gettext_lazy("Ends on")),
        Column("days", gettext_lazy("Days left"), render=left, number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def rows(self):
        return endings.soon()
