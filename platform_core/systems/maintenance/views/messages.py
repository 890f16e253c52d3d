"""Wording of messages, and the text messages that went out."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.notices import kinds, services, templates, texts
from platform_core.notices.enums import TextState
from platform_core.notices.models import MessageTemplate, TextMessage
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .common import SYSTEM

CHANGE = "notices.change_messagetemplate"
COLORS = {
    TextState.WAITING: "yellow",
    TextState.SENT: "green",
    TextState.FAILED: "red",
}


class TemplateForm(forms.ModelForm):
    """The wording of messages of a kind."""

    kind = forms.ChoiceField(label=_("What it is about"))

    class Meta:
        model = MessageTemplate
        fields = ("kind", "channel", "least_level", "title", "body", "is_active")
        help_texts = {
            "title": _("{title}, {body}, {name} and {platform} are filled in."),
            "body": _("Left empty, what the platform says is kept."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = kinds.choices()
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        return self._known("title")

    def clean_body(self) -> str:
        return self._known("body")

    def _known(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        if strange := templates.unknown(text):
            told = _("Nothing is filled in for %(marks)s.")
            raise forms.ValidationError(told % {"marks": ", ".join(strange)})
        return text


class MessageMixin:
    """Breadcrumbs of the wording of messages."""

    title: Any
    model: Any = MessageTemplate
    permission_required = CHANGE

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(_("Wording of messages"), reverse("maintenance:messages"))
        return [SYSTEM, above, Crumb(self.title)]

    def get_queryset(self) -> QuerySet[MessageTemplate]:
        return MessageTemplate.objects.all()


def edit_page(row: MessageTemplate) -> str:
    """Address of the form over a template."""
    return reverse("maintenance:message-edit", args=[row.pk])


def kind_of(row: MessageTemplate) -> str:
    """What the messages are about, in words."""
    return str(dict(kinds.choices()).get(row.kind, row.kind))


class TemplateList(MessageMixin, ListPage):
    """How messages are worded."""

    title = _("Wording of messages")
    search_fields = ("kind", "title", "body")
    empty_text = _("Without a template, messages are worded by the platform.")
    columns = (
        Column(
            "kind",
            _("What it is about"),
            sort=True,
            link=edit_page,
            render=kind_of,
            export=kind_of,
        ),
        Column("channel", _("Way"), sort=True),
        Column("least_level", _("From this level on")),
        Column("title", _("Title")),
        Column("body", _("Text")),
        Column("is_active", _("In use")),
    )

    def get_page_actions(self) -> list[PageAction]:
        add = reverse("maintenance:message-add")
        sent = reverse("maintenance:texts")
        return [
            PageAction(_("Text messages"), sent, "list"),
            PageAction(_("Add template"), add, "plus", True),
        ]


class TemplateAdd(MessageMixin, FormPage):
    """A new template."""

    title = _("Add template")
    form_class = TemplateForm
    success_url = "maintenance:messages"

    def perform(self, form):
        template = form.save(commit=False)
        services.keep_template(template=template, by=self.request.user)


class TemplateEdit(MessageMixin, EditPage):
    """Change a template."""

    title = _("Edit template")
    form_class = TemplateForm
    success_url = "maintenance:messages"

    def perform(self, form):
        template = form.save(commit=False)
        services.keep_template(template=template, by=self.request.user)


class TextFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(choices=TextState.choices, label=_("State"))

    class Meta:
        model = TextMessage
        fields = ("state",)


def text_badge(message: TextMessage) -> object:
    """The state of a text message in its colour."""
    color = COLORS[TextState(message.state)]
    return components.status(message.get_state_display(), color)


class TextList(MessageMixin, ListPage):
    """Text messages with what became of them."""

    model = TextMessage
    title = _("Text messages")
    live = 5
    filterset_class = TextFilter
    search_fields = ("phone__startswith", "text")
    empty_text = _("Text messages appear here once a gateway and a template are set.")
    columns = (
        Column("created_at", _("Created at"), sort=True),
        Column("recipient", _("Recipient")),
        Column("phone", _("Phone")),
        Column(
            "text",
            _("Text"),
            link=lambda row: reverse("maintenance:text-again", args=[row.pk]),
        ),
        Column("state", _("State"), render=text_badge),
        Column("attempts", _("Attempts")),
        Column("problem", _("Problem")),
        Column("sent_at", _("Sent"), sort=True),
    )

    def get_queryset(self) -> Any:
        return TextMessage.objects.select_related("recipient")


class TextAgain(MessageMixin, ActionPage):
    """Try a failed text message anew."""

    model = TextMessage
    title = _("Send again")
    success_url = "maintenance:texts"

    def get_queryset(self) -> Any:
        return TextMessage.objects.all()

    def perform(self, form):
        texts.send_again(message=self.object, by=self.request.user)
