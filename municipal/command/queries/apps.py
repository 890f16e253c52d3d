"""Query and statistics: saved searches, exports, cross tables.  [CJJ/T 106]"""

from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig


class QueriesConfig(PlatformAppConfig):
    """Plugs query and statistics into the city's platform."""

    name = "municipal.command.queries"
    label = "queries"
    verbose_name = _("Query and statistics")
    sample = ("municipal.command.queries.sample.load",)
