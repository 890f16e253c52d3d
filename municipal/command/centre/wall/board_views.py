"""The panel of inspectors, and the pages that keep screens."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from municipal.command.centre.board import rebuilding
from municipal.command.centre.models import Screen
from municipal.command.requests import user_of
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
    PlainPage,
)

from . import commanding, panels, people, services
from .forms import PageForm, ScreenForm
from .scope import VIEW, area_of, areas

SEE = "centre.view_screen"
GROUP = Crumb(gettext_lazy("Supervision and command"))


class PeoplePage(PlainPage):
    """Who is on duty where, by district, with the work of today."""

    permission_required = VIEW
    title = gettext_lazy("Panel of inspectors")
    template_name = "centre/people.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        area = area_of(self.request)
        found = people.of_area(user, area)
        return super().get_context_data(
            area=area,
            areas=areas(user),
            board=people.board(user, area),
            found=found,
            may_message=user.has_perm(commanding.COMMAND),
            **kwargs,
        )


class PeopleMessage(FormPage):
    """A message to chosen inspectors."""

    permission_required = commanding.COMMAND
    title = gettext_lazy("Message to inspectors")
    submit_label = gettext_lazy("Send")
    success_url = "centre:people"
    success_message = gettext_lazy("The message was sent.")

    class form_class(forms.Form):  # noqa: N801  the name that FormPage reads
        people = forms.MultipleChoiceField(
            label=gettext_lazy("Recipients"), widget=forms.CheckboxSelectMultiple
        )
        text = forms.CharField(
            label=gettext_lazy("Message"), widget=forms.Textarea, max_length=500
        )

    def get_initial(self) -> dict[str, Any]:
        return {"people": self.request.GET.getlist("people")}

    def get_form(self) -> Any:
        form = super().get_form()
        user = user_of(self.request)
        rows = [row for area in areas(user)[:1] for row in people.positions(user, area)]
        form.fields["people"].choices = [
            (str(row.person.pk), str(row.person)) for row in rows
        ]
        return form

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        by = user_of(self.request)
        commanding.message(given["people"], text=given["text"], by=by)


class ScreenList(ListPage):
    """All screens of the walls in sight."""

    model = Screen
    permission_required = SEE
    title = gettext_lazy("Screens of the wall")
    search_fields = ("name",)
    ordering = ("name", "pk")
    empty_text = gettext_lazy("A screen says what a wall shows, page after page.")
    columns = (
        Column("name", gettext_lazy("Name"), sort=True, link=True),
        Column(
            "area",
            pgettext_lazy("wall", "Area"),
            render=lambda row: area_name(row.area),
        ),
        Column("pages", gettext_lazy("Pages"), render=lambda row: len(row.pages)),
        Column("seconds", gettext_lazy("Seconds a page")),
        Column("is_active", gettext_lazy("In use"), sort=True),
        Column("revision", gettext_lazy("Version")),
        Column("changed_by", gettext_lazy("Changed by")),
        Column("updated_at", gettext_lazy("Changed"), sort=True),
        Column(
            "play",
            "",
            render=lambda row: gettext_lazy("Play"),
            link=lambda row: reverse("centre:wall-screen", args=[row.pk]),
            export=lambda row: "",
        ),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("changed_by")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        return [
            PageAction(
                _("Add a screen"),
                reverse("centre:screen-add"),
                icon="plus",
                primary=True,
                permission=services.CHANGE,
            ),
            PageAction(
                _("Count the figures anew"),
                reverse("centre:wall-rebuild"),
                icon="refresh",
                permission=services.CHANGE,
            ),
        ]


def area_name(code: str) -> str:
    """The area of a screen in words."""
    found = regions.find_division(code)
    return str(found.label if found else code)


class RebuildPage(FormPage):
    """Have the figures of the wall counted anew, in the background."""

    permission_required = services.CHANGE
    title = gettext_lazy("Count the figures anew")
    lead = gettext_lazy(
        "All cases are counted once more. The wall shows the figures it has until then."
    )
    form_class = forms.Form
    submit_label = gettext_lazy("Begin")

    def get_cancel_url(self) -> str:
        return reverse("centre:screen-list")

    def perform(self, form: Any) -> Any:
        return jobs.start(rebuilding.KIND, by=user_of(self.request))


class ScreenAdd(FormPage):
    """A new screen, from a scene."""

    permission_required = services.CHANGE
    title = gettext_lazy("Add a screen")
    form_class = ScreenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def get_cancel_url(self) -> str:
        return reverse("centre:screen-list")

    def perform(self, form: Any) -> Any:
        return services.save_screen(
            screen=form.save(commit=False),
            scene=form.cleaned_data["scene"],
            by=user_of(self.request),
        )


class ScreenEdit(EditPage):
    """Change a screen; a scene replaces its pages."""

    model = Screen
    lookup = "pk"
    permission_required = services.CHANGE
    title = gettext_lazy("Change the screen")
    form_class = ScreenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    perform = ScreenAdd.perform


class ScreenDetail(DetailPage):
    """A screen with its pages as they are split."""

    model = Screen
    lookup = "pk"
    permission_required = SEE
    template_name = "centre/screen.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        url = reverse("centre:screen-list")
        return [GROUP, Crumb(ScreenList.title, url), Crumb(str(self.object))]

    def get_page_actions(self) -> list[PageAction]:
        key = [self.object.pk]
        return [
            PageAction(_("Play"), reverse("centre:wall-screen", args=key), icon="map"),
            PageAction(
                _("Change"),
                reverse("centre:screen-edit", args=key),
                icon="edit",
                permission=services.CHANGE,
            ),
            PageAction(
                _("Add a page"),
                reverse("centre:screen-page", args=[*key, len(self.object.pages)]),
                icon="plus",
                primary=True,
                permission=services.CHANGE,
            ),
        ]

    def get_summary(self) -> list[tuple[Any, Any]]:
        screen = self.object
        return [
            (pgettext_lazy("wall", "Area"), area_name(screen.area)),
            (_("Time span"), dict(panels.SPANS).get(screen.span, screen.span)),
            (_("Seconds a page"), screen.seconds),
            (_("In use"), screen.is_active),
            (_("Version"), screen.revision),
            (_("Changed by"), screen.changed_by),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = panels.allowed(self.object.pages, user_of(self.request))
        for row in rows:
            row["layout_label"] = panels.LAYOUTS[row["layout"]].label
        may = self.request.user.has_perm(services.CHANGE)
        return super().get_context_data(pages=rows, may_change=may, **kwargs)


class OnePage(ActionPage):
    """Something done to one page of a screen."""

    model = Screen
    lookup = "pk"
    permission_required = services.CHANGE

    @property
    def number(self) -> int:
        return int(self.kwargs["number"])

    def prepare(self) -> None:
        super().prepare()
        if self.number > len(self.object.pages):
            raise Http404(self.number)


class PageEdit(OnePage):
    """Choose layout and panels of a page."""

    title = gettext_lazy("Page of a screen")
    form_class = PageForm

    def get_initial(self) -> dict[str, Any]:
        pages = self.object.pages
        if self.number >= len(pages):
            return {"layout": "three"}
        return PageForm.values_of(pages[self.number])

    def perform(self, form: Any) -> Any:
        return services.save_page(
            screen=self.object,
            number=self.number,
            page=form.page(),
            by=user_of(self.request),
        )


class PageDrop(OnePage):
    """Take a page away."""

    title = gettext_lazy("Take the page away")
    submit_label = gettext_lazy("Take away")

    def perform(self, form: Any) -> Any:
        return services.drop_page(
            screen=self.object, number=self.number, by=user_of(self.request)
        )


class PageMove(OnePage):
    """Show a page earlier."""

    title = gettext_lazy("Show the page one place earlier")
    submit_label = gettext_lazy("Move")

    def perform(self, form: Any) -> Any:
        return services.move_page(
            screen=self.object, number=self.number, by=user_of(self.request)
        )
