"""Files on their way between platforms."""

from django.utils.translation import gettext_lazy

from exchange.delivery.enums import TransferState
from exchange.delivery.filters import TransferFilter
from exchange.delivery.models import BlobTransfer
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ListPage

from .peers import crumbs

LEVELS = {
    TransferState.WAITING: "blue",
    TransferState.DONE: "green",
    TransferState.REFUSED: "red",
}


def state(row):
    return status(row.get_state_display(), LEVELS[TransferState(row.state)])


def done(row):
    return f"{100 * row.received // row.size} %" if row.size else ""


class TransferList(ListPage):
    """Files that records name: arrived, under way, refused."""

    model = BlobTransfer
    scoped = False
    permission_required = "delivery.view_peer"
    export_permission = "delivery.view_peer"
    title = gettext_lazy("Files between platforms")
    empty_text = gettext_lazy("Files that records of other platforms name appear here.")
    filterset_class = TransferFilter
    search_fields = ("name", "sha256")
    live = 10
    columns = (
        Column("name", gettext_lazy("Name"), sort=True),
        Column("peer.code", gettext_lazy("Platform")),
        Column("way", gettext_lazy("Direction of transfer")),
        Column("size", gettext_lazy("Size"), sort=True, number=True),
        Column("received", gettext_lazy("Done"), render=done),
        Column("state", gettext_lazy("State"), sort=True, render=state),
        Column("tries", gettext_lazy("Attempts"), number=True),
        Column("error", gettext_lazy("Last error")),
        Column("created_at", gettext_lazy("Since"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer")
