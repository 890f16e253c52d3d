"""Entries of the public service."""

from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds
from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

from . import visits

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
navigation.register(
    Entry(
        _("Return visits to citizens"),
        "public_service:visits",
        icon="phone",
        permission="public_service.record_visit",
        system=("public_service", _("Public service")),
        order=181,
        tiers=("municipal",),
    )
)
navigation.public_link(
    _("Report a problem as a citizen"), "public_service:home", tiers=("municipal",)
)
visits.register()
kinds.register(request__unsatisfied=_("A citizen is not satisfied"))
