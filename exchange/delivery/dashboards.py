"""The exchange on the administrator's home page."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import dashboards
from platform_core.ui.dashboards import Widget

from . import selectors
from .views.peers import figures

dashboards.register(
    Widget(
        "exchange",
        _("Data exchange"),
        "ui/widgets/figures.html",
        lambda request: {"figures": figures(selectors.peer_health())},
        permission="delivery.view_peer",
    )
)
