"""What the reception sets up: lines, seats, phrases, knowledge base, sources."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from municipal.command.intake import forms, selectors, services
from municipal.command.intake.enums import PhraseKind, Precaution, SourceChannel
from municipal.command.intake.filters import PhraseFilter
from municipal.command.intake.models import Article, Line, Phrase, Seat
from municipal.command.models import CaseSource
from platform_core.ui.columns import Column
from platform_core.ui.permissions import SIGNED_IN, page
from platform_core.ui.views import Crumb, DetailPage, ListPage, PageAction

from .common import HOME, MANAGE, AddPage, ChangePage, ReceptionMixin, RemovePage
from .desk import VIEW

LINES = (_("Telephone lines"), "intake:lines")
SEATS = (_("Seats"), "intake:seats")
PHRASES = (_("Phrases"), "intake:phrases")
ARTICLES = (_("Knowledge base"), "intake:articles")
SOURCES = (_("Sources of cases"), "intake:sources")
WRITE = "intake.change_article"


def edit_link(name: str) -> Any:
    """The address of the form over a row."""
    return lambda row: reverse(f"intake:{name}", args=[row.pk])


def labelled(column: Column, choices: type[TextChoices]) -> Column:
    """A column of codes that shows their names, on the page and in files."""
    names = dict(choices.choices)

    def name(row: Any) -> object:
        value = column.value(row)
        return names.get(value, value)

    return replace(column, render=name, export=name)


class SettingList(ReceptionMixin, ListPage):
    """A list with a button that adds a row."""

    permission_required = VIEW
    add: tuple[Any, str] | None = None
    add_permission = MANAGE

    def get_page_actions(self) -> list[PageAction]:
        if self.add is None:
            return []
        label, name = self.add
        return [PageAction(label, reverse(name), "plus", True, self.add_permission)]


class LineList(SettingList):
    """Numbers that people call."""

    model = Line
    title = LINES[0]
    add = (_("Add line"), "intake:line-add")
    search_fields = ("number__startswith", "name")
    columns = (
        Column("number", _("Telephone number"), sort=True, link=edit_link("line")),
        Column("name", _("Name"), sort=True),
        Column("source", _("Source")),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("source")


class LineAdd(AddPage):
    """A new line."""

    form_class = forms.LineForm
    title = _("Add line")
    above = LINES


class LineEdit(ChangePage):
    """Change a line."""

    model = Line
    form_class = forms.LineForm
    title = _("Edit")
    above = LINES


class SeatList(SettingList):
    """The places of the reception and who sits there."""

    model = Seat
    title = SEATS[0]
    live = 5
    add = (_("Add seat"), "intake:seat-add")
    search_fields = ("code__startswith", "user__full_name")
    columns = (
        Column("code", _("Seat number"), sort=True, link=edit_link("seat")),
        Column("extension", _("Extension")),
        Column("user", _("Operator")),
        Column("state", _("State"), sort=True),
        Column("since", _("Since"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("user")


class SeatAdd(AddPage):
    """A new seat."""

    form_class = forms.SeatForm
    title = _("Add seat")
    above = SEATS


class SeatEdit(ChangePage):
    """Change a seat."""

    model = Seat
    form_class = forms.SeatForm
    title = _("Edit")
    above = SEATS


class PhraseList(SettingList):
    """Sentences that forms offer."""

    model = Phrase
    scoped = False
    title = PHRASES[0]
    filterset_class = PhraseFilter
    add = (_("Add phrase"), "intake:phrase-add")
    search_fields = ("text", "group")
    columns = (
        Column("text", _("Text"), link=edit_link("phrase")),
        Column("kind", _("Offered at"), sort=True),
        Column("group", _("Phrase group"), sort=True),
        Column("order", _("Order"), sort=True),
        Column("is_active", _("In use")),
    )


class PhraseAdd(AddPage):
    """A new phrase."""

    form_class = forms.PhraseForm
    title = _("Add phrase")
    above = PHRASES


class PhraseEdit(ChangePage):
    """Change a phrase."""

    model = Phrase
    scoped = False
    form_class = forms.PhraseForm
    title = _("Edit")
    above = PHRASES


class PhraseRemove(RemovePage):
    """Take a phrase away."""

    model = Phrase
    scoped = False
    title = _("Remove")
    above = PHRASES


@require_GET
@page(permission=SIGNED_IN)
def phrases(request: HttpRequest) -> JsonResponse:
    """The phrases of a place as JSON, for forms."""
    kind = request.GET.get("kind", PhraseKind.DESCRIPTION)
    rows = selectors.phrases(kind).values("group", "text")
    return JsonResponse({"phrases": list(rows)})


class ArticleList(SettingList):
    """What operators may answer."""

    model = Article
    title = ARTICLES[0]
    add = (_("Write an article"), "intake:article-add")
    add_permission = WRITE
    search_fields = ("title", "keywords", "body")
    ordering = ("-read_count", "title")
    columns = (
        Column("title", _("Title"), sort=True, link=True),
        Column("keywords", _("Keywords")),
        Column("class_code", _("Class"), sort=True),
        Column("read_count", _("Read"), sort=True, number=True),
        Column("is_published", _("Published")),
        Column("updated_at", _("Last changed"), sort=True),
    )


class ArticlePage(DetailPage):
    """An article to read out."""

    model = Article
    permission_required = VIEW
    template_name = "intake/article.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        steps = [Crumb(label, reverse(name)) for label, name in (HOME, ARTICLES)]
        return [*steps, Crumb(str(self.object))]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("intake:article-edit", args=[self.object.pk])
        return [PageAction(_("Edit"), url, "edit", permission=WRITE)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        services.read_article(self.object)
        return super().get_context_data(**kwargs)


class ArticleAdd(AddPage):
    """A new article."""

    permission_required = WRITE
    form_class = forms.ArticleForm
    title = _("Write an article")
    above = ARTICLES


class ArticleEdit(ChangePage):
    """Change an article."""

    model = Article
    permission_required = WRITE
    form_class = forms.ArticleForm
    title = _("Edit")
    above = ARTICLES


class SourceList(SettingList):
    """Where reports come from, and what each needs before acceptance."""

    model = CaseSource
    scoped = False
    title = SOURCES[0]
    search_fields = ("code__startswith", "name")
    columns = (
        Column("code", _("Code"), sort=True),
        Column("name", _("Source"), link=edit_link("source")),
        labelled(Column("channel", _("Channel"), sort=True), SourceChannel),
        labelled(
            Column("needs_verification", _("Before acceptance"), sort=True), Precaution
        ),
    )


class SourceEdit(ChangePage):
    """Change what a source needs before acceptance."""

    model = CaseSource
    scoped = False
    form_class = forms.SourceForm
    title = _("Edit")
    above = SOURCES
    success_url = "intake:sources"

    def get_queryset(self) -> QuerySet[CaseSource]:
        return CaseSource.objects.all()
