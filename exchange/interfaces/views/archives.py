"""What left the database for a file."""

from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from exchange.interfaces.enums import ArchiveState
from exchange.interfaces.filters import ArchiveFilter
from exchange.interfaces.models import Archive, Table
from exchange.interfaces.services import archiving
from platform_core.audit import services as audit
from platform_core.common.access import page
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, DetailPage, ListPage, ObjectMixin

from .tables import under

MANAGE = "interfaces.manage_archive"
LEVELS = {ArchiveState.KEPT: "grey", ArchiveState.RESTORED: "blue"}


def badge(row):
    return status(row.get_state_display(), LEVELS[ArchiveState(row.state)])


class ArchiveList(ListPage):
    """The files of the archive."""

    model = Archive
    scoped = False
    permission_required = MANAGE
    title = gettext_lazy("Archive of rows")
    empty_text = gettext_lazy(
        "Older revisions come here when a table says how long they are kept."
    )
    filterset_class = ArchiveFilter
    search_fields = ("name", "table__code", "table__name", "sha256")
    columns = (
        Column("name", gettext_lazy("File"), sort=True, link=True),
        Column("table", gettext_lazy("Table"), sort="table__code"),
        Column("rows", gettext_lazy("Rows"), sort=True, number=True),
        Column("first_at", gettext_lazy("First landed"), sort=True),
        Column("last_at", gettext_lazy("Last landed"), sort=True),
        Column("size", gettext_lazy("Size"), sort=True, number=True),
        Column("made_at", gettext_lazy("Made"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("sha256", "SHA-256", default=False),
    )

    def get_breadcrumbs(self):
        return under(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("table")


class ArchiveMixin(ObjectMixin):
    """Finds a file of the archive."""

    object: Archive
    model = Archive
    scoped = False
    lookup = "uid"
    permission_required = MANAGE

    def get_queryset(self):
        return super().get_queryset().select_related("table")

    def get_breadcrumbs(self):
        return under(ArchiveList.title, self.object.name)


class ArchivePage(ArchiveMixin, DetailPage):
    """One file."""

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("State"), badge(row)),
            (_("Rows"), row.rows),
            (_("First landed"), row.first_at),
            (_("Last landed"), row.last_at),
            (_("Size"), row.size),
            ("SHA-256", row.sha256),
            (_("Made"), row.made_at),
            (_("Brought back"), row.restored_at),
        ]

    def get_actions(self):
        row = self.object
        return [
            {
                "name": _("Download"),
                "allowed": True,
                "why": "",
                "url": reverse("interfaces:archive-file", args=[row.uid]),
            },
            {
                "name": _("Bring back"),
                "allowed": row.state == ArchiveState.KEPT,
                "why": _("These rows are back in the database already."),
                "url": reverse("interfaces:restore", args=[row.uid]),
            },
        ]


class Restore(ArchiveMixin, ActionPage):
    """Bring the rows of a file back."""

    title = gettext_lazy("Bring back")
    lead = gettext_lazy(
        "They come back as older revisions, in the background, for 30 days at least."
    )
    success_message = gettext_lazy("It runs in the background.")

    def perform(self, form):
        archiving.start_restore(archive=self.object, by=self.request.user)


class ArchiveNow(ActionPage):
    """Archive what a table keeps no longer."""

    model = Table
    scoped = False
    lookup = "code"
    permission_required = MANAGE
    title = gettext_lazy("Archive now")
    success_message = gettext_lazy("It runs in the background.")

    def get_breadcrumbs(self):
        return under(str(self.object), self.title)

    def get_context_data(self, **kwargs):
        count = archiving.over(self.object).count()
        lead = _("%(count)s rows are kept no longer and go into files.")
        return {**super().get_context_data(**kwargs), "lead": lead % {"count": count}}

    def perform(self, form):
        archiving.start(table=self.object, by=self.request.user)


@require_GET
@page(permission=MANAGE)
def download(request, uid):
    """The file; who got it is written down."""
    row = Archive.objects.filter(uid=uid).first()
    if row is None or not row.path.exists():
        raise Http404(uid)
    archiving.check(row)
    audit.record("interfaces.archive_downloaded", row, by=request.user)
    return FileResponse(
        row.path.open("rb"),
        as_attachment=True,
        filename=row.name,
        content_type="application/gzip",
    )
