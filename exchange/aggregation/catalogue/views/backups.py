"""Backups as they were reported."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.catalogue.filters import BackupFilter
from exchange.aggregation.catalogue.forms import OpinionForm
from exchange.aggregation.catalogue.models import Backup
from exchange.aggregation.catalogue.services import backups
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, ListPage

from .common import below, crumbs, person

TITLE = gettext_lazy("Backups")


def result(row):
    word = _("Succeeded") if row.ok else pgettext_lazy("backup", "Failed")
    return status(word, "green" if row.ok else "red")


def address(row):
    return reverse("catalogue:backup-tested", args=[row.pk])


def age(row):
    return status(
        _("Fresh") if row.fresh else _("Old"), "green" if row.fresh else "grey"
    )


class BackupList(ListPage):
    """What was backed up, when, where to, and whether it was tried."""

    model = Backup
    scoped = False
    permission_required = "catalogue.view_board"
    title = TITLE
    empty_text = gettext_lazy("The script of the backups reports with note_backup.")
    filterset_class = BackupFilter
    search_fields = ("place", "note", "sha256")
    ordering = ("-made_at",)
    columns = (
        Column("made_at", gettext_lazy("Made"), sort=True, link=address),
        Column("kind", gettext_lazy("Kind"), sort=True),
        Column("ok", gettext_lazy("Result"), sort=True, render=result),
        Column("fresh", gettext_lazy("Age"), render=age),
        Column("place", gettext_lazy("Place")),
        Column("size", gettext_lazy("Size"), sort=True, number=True),
        Column("seconds", gettext_lazy("Duration (s)"), number=True),
        Column("tested_at", gettext_lazy("Restored for a test"), sort=True),
        Column("note", gettext_lazy("Note")),
        Column("sha256", "SHA-256", default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)


class BackupTested(ActionPage):
    """Note that a backup was restored for a test."""

    model = Backup
    scoped = False
    form_class = OpinionForm
    permission_required = "catalogue.manage_backup"
    title = gettext_lazy("Restored for a test")
    lead = gettext_lazy("Say that this backup was restored somewhere and was good.")
    success_url = "catalogue:backup-list"
    success_message = gettext_lazy("Noted.")

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:backup-list", str(self.object))

    def perform(self, form):
        note = form.cleaned_data["reason"]
        return backups.restored(backup=self.object, by=person(self.request), note=note)
