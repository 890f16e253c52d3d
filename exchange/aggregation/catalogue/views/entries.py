"""The catalogue as its readers see it."""

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.catalogue import boards, lineage, policies, selectors
from exchange.aggregation.catalogue.enums import Share, Touch
from exchange.aggregation.catalogue.filters import EditionFilter
from exchange.aggregation.catalogue.models import Edition
from exchange.aggregation.catalogue.services.touching import touch
from platform_core.audit import services as audit
from platform_core.ui.columns import Column
from platform_core.ui.views import DetailPage, ListPage, PageAction, SheetMixin

from .common import (
    below,
    crumbs,
    facts,
    level_badge,
    person,
    quality,
    score,
    share_badge,
)

TITLE = gettext_lazy("Data catalogue")


class EntryList(ListPage):
    """Published resources: a tree with counts, facets, search."""

    model = Edition
    permission_required = "catalogue.view_edition"
    title = TITLE
    template_name = "catalogue/entries.html"
    partial_name = "catalogue/partials/_entries.html"
    empty_text = gettext_lazy("Resources appear here when they are published.")
    filterset_class = EditionFilter
    search_fields = ("title", "code", "abstract", "unit__name", "table__code")
    search_hint = gettext_lazy("Title, code, abstract, owner")
    ordering = ("code",)
    columns = (
        Column("title", gettext_lazy("Title"), sort=True, link=True),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("subset", gettext_lazy("Subset"), sort=True),
        Column("theme", gettext_lazy("Theme"), default=False),
        Column("unit", gettext_lazy("Owner")),
        Column("share", gettext_lazy("Sharing"), sort=True, render=share_badge),
        Column("level", gettext_lazy("Security level"), sort=True, render=level_badge),
        Column("frequency", gettext_lazy("Renewed")),
        Column("score", gettext_lazy("Quality score"), sort=True, render=score),
        Column("published_at", gettext_lazy("Published"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return selectors.graded(selectors.published(person(self.request)))

    def ordered(self, rows):
        """By score those without one come last, whichever way round."""
        order = {"score": F("score").asc, "-score": F("score").desc}.get(self.sort)
        if order is None:
            return super().ordered(rows)
        return rows.order_by(order(nulls_last=True), "code")

    def get_context_data(self, **kwargs):
        tree = selectors.branches(self.rows())
        return super().get_context_data(tree=tree, **kwargs)

    def get_page_actions(self):
        turtle = reverse("catalogue-api:dcat") + "?format=ttl"
        return [PageAction(_("As DCAT"), turtle, icon="download")]


class EntryMixin(DetailPage):
    """A published resource by the number of its entry."""

    model = Edition
    permission_required = "catalogue.view_edition"

    def get_queryset(self):
        return selectors.published(person(self.request))

    def get_object(self):
        self.lookup, uid = "resource__uid", self.kwargs["uid"]
        self.kwargs = {**self.kwargs, "resource__uid": uid}
        return super().get_object()

    def get_breadcrumbs(self):
        return below(TITLE, "catalogue:entry-list", self.object.title)

    def address(self, name):
        return reverse(f"catalogue:{name}", args=[self.object.resource.uid])


class EntryPage(EntryMixin):
    """All that is said about a resource, its fields and what happened to it."""

    template_name = "catalogue/entry.html"

    def get_summary(self):
        row = self.object
        return [
            *facts(row),
            (_("Version"), row.number),
            (_("Published"), row.published_at),
            (_("Records"), selectors.row_count(row)),
        ]

    def get_timeline(self):
        return selectors.updates(self.object)

    def get_actions(self):
        row, user = self.object, person(self.request)
        shared = row.share != Share.NONE
        seen = policies.may_preview(user, row)
        return [
            {
                "name": _("Look at the data"),
                "allowed": seen,
                "why": _("Apply for its use first"),
                "url": self.address("preview"),
            },
            {"name": _("Lineage"), "url": self.address("lineage")},
            {
                "name": _("Apply for use"),
                "allowed": shared and user.has_perm("catalogue.apply_use"),
                "why": _("Not shared") if not shared else _("You lack the right"),
                "url": self.address("apply"),
            },
        ]

    def get_context_data(self, **kwargs):
        touch(self.object.resource, Touch.VIEW)
        fields = self.object.table.fields if self.object.table else []
        uses = boards.ways_of_use(self.object.resource_id)
        measured = next(iter(selectors.qualities([self.object]).values()), None)
        return super().get_context_data(
            fields=fields,
            uses=uses,
            quality=quality(measured, person(self.request)),
            **kwargs,
        )


class Preview(EntryMixin):
    """The first rows, personal fields masked."""

    template_name = "catalogue/preview.html"

    def get_context_data(self, **kwargs):
        row, user = self.object, person(self.request)
        if not policies.may_preview(user, row):
            raise PermissionDenied("preview")
        touch(row.resource, Touch.PREVIEW)
        audit.record("catalogue.previewed", row.resource, by=user)
        fields, rows = selectors.preview(row)
        return super().get_context_data(fields=fields, rows=rows, **kwargs)


class Lineage(SheetMixin, EntryMixin):
    """Where the rows come from and where they go."""

    template_name = "catalogue/lineage.html"
    columns = (
        Column("source", pgettext_lazy("lineage", "From")),
        Column("target", pgettext_lazy("lineage", "To")),
        Column("how", gettext_lazy("How")),
    )

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def rows(self):
        return lineage.links(self.object)

    def get_context_data(self, **kwargs):
        links = self.rows()
        drawing = lineage.drawing(links)
        return super().get_context_data(links=links, drawing=drawing, **kwargs)
