"""Pages of the contact book and of notices to the people on duty."""

import django_filters
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command.centre.models import Contact, DutyNotice
from municipal.command.centre.rosters import contacts
from municipal.command.centre.rosters.forms import (
    ContactForm,
    NoticeForm,
    TableForm,
)
from municipal.command.requests import user_of
from platform_core.audit import services as audit
from platform_core.jobs import services as jobs
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

from .planning import ROOT, SEE, WRITE

MANAGE = contacts.MANAGE


def call(number: str) -> object:
    """A number that a phone beside the desk dials."""
    return format_html('<a href="tel:{}">{}</a>', number, number) if number else ""


class ContactFilter(django_filters.FilterSet):
    """By group."""

    group = django_filters.AllValuesFilter(
        field_name="group", label=_("Group of contacts"), empty_label=_("All")
    )

    class Meta:
        model = Contact
        fields = ("group",)


class ContactList(ListPage):
    """The contact book; its export can be imported again."""

    model = Contact
    permission_required = SEE
    title = _("Contact book")
    filterset_class = ContactFilter
    search_fields = ("name", "unit_name", "position", "phone", "mobile", "group")
    search_hint = _("Name, unit, number")
    ordering = ("group", "name", "pk")
    page_size = 50
    empty_text = _("Add people and services, or import a table.")
    columns = (
        Column("name", _("Name"), sort=True),
        Column("group", _("Group of contacts"), sort=True),
        Column("unit_name", pgettext_lazy("contact", "Unit"), sort=True),
        Column("position", _("Position held")),
        Column("mobile", _("Mobile phone"), render=lambda row: call(row.mobile)),
        Column("phone", _("Phone"), render=lambda row: call(row.phone)),
        Column("email", _("E-mail"), default=False),
        Column("note", _("Note")),
        Column("is_active", _("In use"), default=False),
    )

    @property
    def importable(self) -> bool:
        return self.request.GET.get("columns") == "import"

    @property
    def may_change(self) -> bool:
        return user_of(self.request).has_perm(MANAGE)

    def get_columns(self):
        if self.importable:
            return [Column(name, name) for name in contacts.HEADS]
        if not self.may_change:
            return list(self.columns)
        name = Column("name", _("Name"), sort=True, link=True)
        return [name, *self.columns[1:]]

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        add, take = reverse("centre:contact-add"), reverse("centre:contact-import")
        return [
            PageAction(_("Add a contact"), add, "plus", True, MANAGE, dialog=True),
            PageAction(_("Import a table"), take, permission=MANAGE),
            PageAction(
                _("Table to import again"),
                "?export=csv&columns=import",
                permission=MANAGE,
            ),
        ]

    def on_export(self, form):
        audit.record(
            "watch.contacts_exported", by=user_of(self.request), data={"form": form}
        )


class ContactAdd(FormPage):
    """A new contact."""

    permission_required = MANAGE
    form_class = ContactForm
    title = _("Add a contact")
    success_url = "centre:contact-list"

    def perform(self, form):
        contacts.save_contact(contact=form.save(commit=False), by=user_of(self.request))


class ContactEdit(EditPage):
    """Change a contact."""

    model = Contact
    permission_required = MANAGE
    form_class = ContactForm
    title = _("Contact")
    success_url = "centre:contact-list"

    def perform(self, form):
        contacts.save_contact(contact=form.save(commit=False), by=user_of(self.request))


class ContactImport(FormPage):
    """A table of contacts, taken in as background work."""

    permission_required = MANAGE
    form_class = TableForm
    title = _("Import a table")
    success_url = "centre:contact-list"
    lead = _(
        "Headings: name, group, unit_name, position, phone, mobile, email, note. "
        "The same name and unit changes the entry."
    )

    def perform(self, form):
        user, table = user_of(self.request), form.cleaned_data["table"]
        return jobs.start("centre.import_contacts", by=user, upload=table)

    def get_success_url(self, result):
        return result.get_absolute_url()


class NoticeList(ListPage):
    """Notices to who is on duty."""

    model = DutyNotice
    permission_required = SEE
    title = _("Notices to the people on duty")
    search_fields = ("title", "text", "by__full_name")
    ordering = ("-at", "-pk")
    empty_text = _("Notices that are sent to the people on duty appear here.")
    columns = (
        Column("title", _("Title"), link=True),
        Column("by", _("Sent by")),
        Column("at", _("Sent at"), sort=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("by")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("centre:notice-send")
        return [PageAction(_("Send a notice"), url, "plus", True, WRITE, dialog=True)]


class NoticeSend(FormPage):
    """Say something to who is on duty."""

    permission_required = WRITE
    form_class = NoticeForm
    title = _("Send a notice")
    submit_label = _("Send")

    def get_cancel_url(self):
        return reverse("centre:notice-list")

    def perform(self, form):
        given = form.cleaned_data
        return contacts.send_notice(
            title=given["title"],
            text=given["text"],
            people=form.people(),
            by=user_of(self.request),
        )


class NoticeDetail(DetailPage):
    """A notice and who has confirmed it."""

    model = DutyNotice
    permission_required = SEE
    template_name = "centre/desk/notice.html"
    object: DutyNotice

    def get_queryset(self):
        return super().get_queryset().select_related("by")

    def get_breadcrumbs(self):
        url = reverse("centre:notice-list")
        return [ROOT, Crumb(_("Notices to the people on duty"), url)]

    def get_summary(self):
        row = self.object
        return [(_("Sent by"), row.by), (_("Sent at"), row.at), (_("Text"), row.text)]

    def get_actions(self):
        mine = self.object.readers.filter(person=user_of(self.request), read_at=None)
        url = reverse("centre:notice-confirm", args=[self.object.pk])
        return [{"name": _("Confirm"), "url": url}] if mine.exists() else []

    def get_context_data(self, **kwargs):
        rows = self.object.readers.select_related("person__unit").order_by("pk")
        return super().get_context_data(readers=rows, **kwargs)


class NoticeConfirm(ActionPage):
    """A reader confirms."""

    model = DutyNotice
    permission_required = SEE
    title = _("Confirm")

    def perform(self, form):
        contacts.confirm_notice(notice=self.object, by=user_of(self.request))
