"""Versions: fields, schema, document, sample, comparing, and their life."""

import json
from datetime import timedelta

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.interfaces import (
    comparing,
    documents,
    hooks,
    sampling,
    trying,
    words,
)
from exchange.interfaces.enums import Life
from exchange.interfaces.forms import (
    DeprecateForm,
    FieldForm,
    PublishForm,
    ReasonForm,
    TryForm,
)
from exchange.interfaces.models import Field, TableVersion
from exchange.interfaces.services import tables as service
from platform_core.common.access import page
from platform_core.common.clock import today
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    EditPage,
    ObjectMixin,
    PageAction,
)

from .tables import CHANGE, VIEW, under

PUBLISH = "interfaces.publish_table"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OFFERED = (Life.PUBLISHED, Life.DEPRECATED)
# So long two versions run beside each other, as is usual.  [exchange 3.2]
BESIDE = timedelta(days=183)
# Name of the address, label, states in which it may be done, permission.
ACTIONS = (
    ("field-add", gettext_lazy("Add a field"), (Life.DRAFT,), CHANGE),
    ("submit", gettext_lazy("Have it reviewed"), (Life.DRAFT,), CHANGE),
    ("publish", pgettext_lazy("table", "Publish"), (Life.REVIEWING,), PUBLISH),
    ("send-back", gettext_lazy("Send back to the draft"), (Life.REVIEWING,), PUBLISH),
    ("deprecate", gettext_lazy("Announce the end"), OFFERED, PUBLISH),
    (
        "withdraw",
        pgettext_lazy("table", "Withdraw"),
        (*OFFERED, Life.DRAFT, Life.REVIEWING),
        PUBLISH,
    ),
)


class VersionMixin(ObjectMixin):
    """Finds a version by its uid."""

    object: TableVersion
    model = TableVersion
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("table")

    def get_breadcrumbs(self):
        return under(str(self.object.table), f"v{self.object.number}")


class VersionPage(VersionMixin, DetailPage):
    """The generated document of a version, what changed, and what may be done."""

    permission_required = VIEW
    template_name = "interfaces/version.html"

    def get_summary(self):
        row = self.object
        return [
            *documents.facts(row)[:3],
            (_("State"), words.badge(row)),
            *documents.facts(row)[4:],
            (_("What is new"), row.note),
            (_("Published"), row.published_at),
            (_("Ends on"), row.ends_on),
            (_("Reason"), row.reason),
            (_("In use by"), hooks.users(row.table.interface, row.number)),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        return [
            {
                "name": label,
                "allowed": row.state in states,
                "why": _("Not in this state"),
                "url": reverse(f"interfaces:{name}", args=[row.uid]),
            }
            for name, label, states, permission in ACTIONS
            if user.has_perm(permission)
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        editable = row.state == Life.DRAFT and self.request.user.has_perm(CHANGE)
        schema = json.dumps(row.schema, ensure_ascii=False, indent=2)
        return super().get_context_data(
            fields=list(row.fields.all()),
            editable=editable,
            lists=[(one, documents.values(one)) for one in documents.lists(row)],
            sample=documents.example(row),
            schema=schema,
            **self._changes(),
            **kwargs,
        )

    def _changes(self):
        """Against the version the address names, else the one before."""
        others = self.object.table.versions.exclude(pk=self.object.pk)
        asked = self.request.GET.get("against", "")
        wanted = others.filter(number__lt=self.object.number)
        if asked.isdigit():
            wanted = others.filter(number=int(asked))
        old = wanted.order_by("-number").first()
        changes = comparing.compare(old, self.object) if old else []
        shown = [(words.CHANGES[one.kind], one) for one in changes]
        return {"old": old, "others": others, "changes": shown}

    def get_page_actions(self):
        uid = [self.object.uid]
        files = [
            (_("Document as Word"), "word"),
            (_("Document as Markdown"), "markdown"),
            (_("Sample records"), "sample"),
            ("JSON Schema", "schema"),
        ]
        tried = reverse("interfaces:try", args=uid)
        return [
            PageAction(_("Try records"), tried, icon="check"),
            *(
                PageAction(
                    label, reverse(f"interfaces:{name}", args=uid), icon="download"
                )
                for label, name in files
            ),
        ]


def _version(uid):
    row = TableVersion.objects.select_related("table").filter(uid=uid).first()
    if row is None:
        raise Http404(uid)
    return row


def _file(row, content, kind, suffix):
    answer = HttpResponse(content, content_type=kind)
    name = f"{row.table.code}-v{row.number}.{suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page(permission=VIEW)
def markdown(request, uid):
    """The document as Markdown."""
    row = _version(uid)
    return _file(row, documents.markdown(row), "text/markdown; charset=utf-8", "md")


@page(permission=VIEW)
def word(request, uid):
    """The document as a Word file."""
    row = _version(uid)
    return _file(row, documents.word(row), DOCX, "docx")


@page(permission=VIEW)
def sample(request, uid):
    """Sample records that fit the schema; `count` says how many."""
    row, asked = _version(uid), request.GET.get("count", "")
    count = min(int(asked), 1_000) if asked.isdigit() else 3
    records = [sampling.sample(row, number) for number in range(1, count + 1)]
    return JsonResponse(records, safe=False, json_dumps_params={"ensure_ascii": False})


@page(permission=VIEW)
def schema(request, uid):
    """The JSON Schema."""
    return JsonResponse(_version(uid).schema, json_dumps_params={"ensure_ascii": False})


class Trying(VersionMixin, ActionPage):
    """Try records against the version; nothing is kept."""

    permission_required = VIEW
    form_class = TryForm
    template_name = "interfaces/trying.html"
    title = gettext_lazy("Try records")
    lead = gettext_lazy("They are checked as if they came; nothing is kept.")
    submit_label = gettext_lazy("Try")

    def get_initial(self):
        return {"records": documents.example(self.object)}

    def perform(self, form):
        found = trying.attempt(self.object, form.cleaned_data["records"])
        wrong = sum(bool(one.problems) for one in found)
        counts = {"count": len(found), "wrong": wrong}
        text = _("%(count)d records, %(wrong)d of them wrong.") % counts
        context = self.get_context_data(form=form, tried=found, verdict=text)
        return render(self.request, self.template_name, context)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"tried": [], "verdict": ""} | kwargs)


class VersionAction(VersionMixin, ActionPage):
    """Something done to a version."""

    permission_required = PUBLISH


class Submission(VersionAction):
    """Have a draft reviewed."""

    permission_required = CHANGE
    title = gettext_lazy("Have it reviewed")
    success_message = gettext_lazy("It is in review.")

    def perform(self, form):
        return service.submit(version=self.object, by=self.request.user)


class Publication(VersionAction):
    """Offer it to others."""

    form_class = PublishForm
    title = pgettext_lazy("table", "Publish")
    lead = gettext_lazy(
        "Other platforms can subscribe to it from now on; subscribers of earlier "
        "versions are told."
    )
    success_message = gettext_lazy("The version is published.")

    def get_initial(self):
        earlier = self.object.table.versions.filter(state=Life.PUBLISHED)
        return {"earlier_until": today() + BESIDE} if earlier.exists() else {}

    def perform(self, form):
        return service.publish(
            version=self.object, by=self.request.user, **form.cleaned_data
        )


class Return(VersionAction):
    """Ask for changes."""

    form_class = ReasonForm
    title = gettext_lazy("Send back to the draft")
    success_message = gettext_lazy("Sent back.")

    def perform(self, form):
        return service.send_back(
            version=self.object, by=self.request.user, **form.cleaned_data
        )


class Deprecation(VersionAction):
    """Announce the end."""

    form_class = DeprecateForm
    title = gettext_lazy("Announce the end")
    lead = gettext_lazy("Subscribers are told; on the day after it is withdrawn.")
    success_message = gettext_lazy("The end is announced.")
    submit_level = "danger"

    def perform(self, form):
        return service.deprecate(
            version=self.object, by=self.request.user, **form.cleaned_data
        )


class Withdrawal(VersionAction):
    """End it at once."""

    form_class = ReasonForm
    title = pgettext_lazy("table", "Withdraw")
    lead = gettext_lazy("Nothing more is taken in or given out under it.")
    success_message = gettext_lazy("The version is withdrawn.")
    submit_level = "danger"

    def perform(self, form):
        return service.withdraw(
            version=self.object, by=self.request.user, **form.cleaned_data
        )


class FieldAdd(VersionAction):
    """Add a field to a draft."""

    form_class = FieldForm
    permission_required = CHANGE
    title = gettext_lazy("Add a field")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        facts = form.cleaned_data
        facts["place"] = facts["place"] or self.object.fields.count() + 1
        service.put_field(version=self.object, by=self.request.user, facts=facts)


class FieldMixin(ObjectMixin):
    """Finds a field of a version."""

    object: Field
    model = Field
    scoped = False
    permission_required = CHANGE

    def get_queryset(self):
        return super().get_queryset().select_related("version__table")

    def get_breadcrumbs(self):
        return under(str(self.object.version.table), self.object.code)

    def get_success_url(self, result):
        return self.object.version.get_absolute_url()


class FieldChange(FieldMixin, EditPage):
    """Change a field of a draft."""

    form_class = FieldForm
    title = gettext_lazy("Change the field")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        found = Field.objects.get(pk=self.object.pk)
        service.put_field(
            version=found.version,
            by=self.request.user,
            facts=form.cleaned_data,
            field=found,
        )


class FieldRemove(FieldMixin, ActionPage):
    """Take a field out of a draft."""

    title = gettext_lazy("Remove the field")
    success_message = gettext_lazy("Removed.")
    submit_level = "danger"

    def perform(self, form):
        service.remove_field(field=self.object, by=self.request.user)
