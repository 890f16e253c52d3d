"""Packages: the list, and one of them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.packages.enums import Direction, Kind, State
from exchange.packages.filters import PackageFilter
from exchange.packages.models import Package
from exchange.packages.policies import MAKE, TAKE, VIEW, may_download
from platform_core.audit import services as audit
from platform_core.jobs.models import Job
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import Crumb, DetailPage, ListPage, PageAction

LEVELS = {
    State.MAKING: "blue",
    State.READY: "yellow",
    State.ANSWERED: "green",
    State.TRYING: "blue",
    State.TRIED: "yellow",
    State.TAKING: "blue",
    State.DONE: "green",
    State.FAILED: "red",
    State.DISCARDED: "grey",
}
WAITING = (State.READY, State.TRIED, State.FAILED)
SHOWN_PROBLEMS = 20


def badge(row):
    return status(row.get_state_display(), LEVELS[State(row.state)])


def below(*labels):
    """Breadcrumbs under the list of packages."""
    home, *_rest = crumbs("")
    listed = Crumb(PackageList.title, reverse("packages:package-list"))
    return [home, listed, *(Crumb(label) for label in labels)]


class PackageList(ListPage):
    """What was carried from and to places without a line."""

    model = Package
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Packages")
    empty_text = gettext_lazy("Packages made here and brought here appear here.")
    filterset_class = PackageFilter
    search_fields = ("number", "name", "peer__code", "peer__name", "sha256")
    live = 5
    columns = (
        Column("number", gettext_lazy("Package number"), link=True),
        Column("direction", gettext_lazy("Direction"), sort=True),
        Column("kind", gettext_lazy("Kind"), sort=True),
        Column("peer", gettext_lazy("Platform"), sort="peer__code"),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("groups", pgettext_lazy("package", "Groups"), sort=True, number=True),
        Column("records", gettext_lazy("Records"), sort=True, number=True),
        Column("applied", gettext_lazy("Applied"), number=True),
        Column("unchanged", gettext_lazy("Unchanged"), number=True),
        Column(
            "rejected", pgettext_lazy("package", "Rejected"), sort=True, number=True
        ),
        Column("created_at", gettext_lazy("Begun at"), sort=True),
        Column("by", gettext_lazy("By"), default=False),
        Column("size", gettext_lazy("Size"), number=True, default=False),
        Column("sha256", "SHA-256", default=False),
        Column("reason", gettext_lazy("Reason"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("peer", "by")

    def get_page_actions(self):
        return [
            PageAction(
                _("Make a package"),
                reverse("packages:make"),
                icon="plus",
                primary=True,
                permission=MAKE,
            ),
            PageAction(
                _("Bring in a package"),
                reverse("packages:bring"),
                icon="upload",
                permission=TAKE,
            ),
        ]

    def on_export(self, form):
        audit.record(
            "package.list_exported", by=self.request.user, data={"format": form}
        )


class PackagePage(DetailPage):
    """One package: what is inside, what became of it, what may be done."""

    model = Package
    scoped = False
    lookup = "uid"
    permission_required = VIEW
    template_name = "packages/package.html"
    partial_name = "packages/partials/_package.html"

    def get_queryset(self):
        return super().get_queryset().select_related("peer", "by", "answers")

    def get_breadcrumbs(self):
        return below(str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Platform"), row.peer),
            (_("Direction"), row.get_direction_display()),
            (_("Kind"), row.get_kind_display()),
            (_("Contents"), row.get_span_display()),
            (_("File"), row.name),
            (_("Size"), row.size),
            ("SHA-256", row.sha256),
            (_("Signed with"), row.keyid),
            (_("Made"), row.made_at),
            (_("By"), row.by or _("System")),
            (_("Begun at"), row.created_at),
            (_("Ended at"), row.ended_at),
            (_("File removed"), row.removed_at),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        brought = row.direction == Direction.IN
        mine = TAKE if brought else MAKE
        given = not brought and row.kind == Kind.RECEIPT
        waits = not given and row.state in WAITING
        options = []
        if brought and row.kind == Kind.RECORDS and user.has_perm(TAKE):
            allowed = row.state == State.TRIED
            options.append(self._option("take", _("Take the records"), allowed))
        if user.has_perm(mine):
            failed = row.state == State.FAILED
            options.append(self._option("again", _("Go on"), failed))
            options.append(self._option("discard", _("Give up"), waits))
        return options

    def _option(self, name, label, allowed):
        return {
            "name": label,
            "allowed": allowed,
            "why": _("Not in this state"),
            "url": reverse(f"packages:{name}", args=[self.object.uid]),
        }

    def get_page_actions(self):
        if not may_download(self.request.user, self.object):
            return []
        url = reverse("packages:file", args=[self.object.uid])
        return [PageAction(_("Download"), url, icon="download", primary=True)]

    def get_context_data(self, **kwargs):
        row = self.object
        problems = list(row.problems.all()[: SHOWN_PROBLEMS + 1])
        return super().get_context_data(
            badge=badge(row),
            job=Job.objects.filter(uid=row.job).first() if row.job else None,
            problems=problems[:SHOWN_PROBLEMS],
            more=len(problems) > SHOWN_PROBLEMS,
            receipts=row.receipts.order_by("pk"),
            tried=row.state == State.TRIED,
            **kwargs,
        )
