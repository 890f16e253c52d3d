"""Navigation of cleansing."""

from django.utils.translation import gettext_lazy as _

from platform_core.ui import navigation
from platform_core.ui.navigation import Entry

SYSTEM = ("cleansing", _("Data cleansing"))

navigation.register(
    Entry(
        _("Cleansing rules"),
        "cleansing:ruleset-list",
        "filter",
        "cleansing.view_ruleset",
        900,
        SYSTEM,
    ),
    Entry(
        _("Cleansing runs"),
        "cleansing:run-list",
        "play",
        "cleansing.view_run",
        905,
        SYSTEM,
    ),
    Entry(
        _("Data quality"),
        "cleansing:score-list",
        "chart",
        "cleansing.view_score",
        910,
        SYSTEM,
    ),
    Entry(
        _("Data problems"),
        "cleansing:problem-list",
        "alert",
        "cleansing.view_all_problems",
        915,
        SYSTEM,
    ),
    Entry(
        _("My data duties"),
        "cleansing:duty-list",
        "inbox",
        "cleansing.answer_problem",
        920,
        SYSTEM,
    ),
    Entry(
        _("Senders of data"),
        "cleansing:sender-list",
        "users",
        "cleansing.view_sender",
        925,
        SYSTEM,
    ),
)
