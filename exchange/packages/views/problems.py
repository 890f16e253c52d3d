"""Records of packages that were refused."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from exchange.packages.filters import ProblemFilter
from exchange.packages.models import Problem
from exchange.packages.policies import VIEW
from platform_core.audit import services as audit
from platform_core.ui.columns import Column
from platform_core.ui.views import ListPage

from .packages import below


def trace_url(row):
    return f"{reverse('delivery:trace')}?uid={row.uid}" if row.uid else ""


def package_url(row):
    return row.package.get_absolute_url()


class ProblemList(ListPage):
    """Refused records, of one package or of all."""

    model = Problem
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Refused records of packages")
    empty_text = gettext_lazy("Records of packages that were refused appear here.")
    filterset_class = ProblemFilter
    search_fields = ("interface", "uid", "message", "package__number")
    columns = (
        Column("package.number", gettext_lazy("Package"), link=package_url),
        Column("part", gettext_lazy("Number"), number=True),
        Column("interface", gettext_lazy("Interface"), sort=True),
        Column("origin", gettext_lazy("Origin"), sort=True),
        Column("uid", gettext_lazy("Record"), link=trace_url),
        Column("revision", gettext_lazy("Revision"), number=True),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("field", gettext_lazy("Field")),
        Column("message", gettext_lazy("Reason")),
    )

    def get_breadcrumbs(self):
        return below(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("package")

    def on_export(self, form):
        audit.record(
            "package.problems_exported", by=self.request.user, data={"format": form}
        )
