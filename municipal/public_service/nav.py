"""Entries of the public service."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

navigation.register(
    Entry(
        _("Public requests"),
        "public_service:requests",
        icon="message",
        permission="public_service.view_publicrequest",
        system=("public_service", _("Public service")),
        order=180,
        tiers=("municipal",),
    )
)
navigation.public_link(
    _("Report a problem as a citizen"), "public_service:home", tiers=("municipal",)
)
