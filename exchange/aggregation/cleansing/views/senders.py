"""Who sends data, and who answers for it."""

from operator import attrgetter

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from exchange.aggregation.cleansing.enums import DUE
from exchange.aggregation.cleansing.forms import SenderForm
from exchange.aggregation.cleansing.models import Sender
from exchange.aggregation.cleansing.services import handling
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.views import Crumb, EditPage, ListPage


class SenderList(ListPage):
    """All sources whose rows were checked."""

    model = Sender
    scoped = False
    permission_required = "cleansing.view_sender"
    export_permission = "cleansing.view_sender"
    title = gettext_lazy("Senders of data")
    empty_text = gettext_lazy("Who sent rows appears here with the first run.")
    search_fields = ("name", "origin")
    ordering = ("origin", "name")
    columns = (
        Column(
            "name",
            gettext_lazy("Source"),
            sort=True,
            link=True,
            render=attrgetter("title"),
        ),
        Column("origin", gettext_lazy("Platform"), sort=True),
        Column("holder", gettext_lazy("Answers for its data")),
        Column("days", gettext_lazy("Working days to correct"), sort=True, number=True),
        Column("due", gettext_lazy("Open duties"), sort=True, number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        due = Count("problems", filter=Q(problems__state__in=DUE))
        return super().get_queryset().select_related("holder").annotate(due=due)


class SenderEdit(EditPage):
    """Name who answers for a source."""

    model = Sender
    scoped = False
    form_class = SenderForm
    permission_required = "cleansing.change_sender"
    title = gettext_lazy("Who answers for this source")
    success_message = gettext_lazy("Saved.")
    success_url = "cleansing:sender-list"

    def get_breadcrumbs(self):
        home, *_rest = crumbs("")
        listed = Crumb(SenderList.title, reverse("cleansing:sender-list"))
        return [home, listed, Crumb(str(self.object))]

    def perform(self, form):
        handling.keep_sender(sender=form.save(commit=False), by=self.request.user)
