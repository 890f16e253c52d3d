"""Rule sets: list, draft, rules, trial, comparison, publishing."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.cleansing import selectors
from exchange.aggregation.cleansing.enums import SAMPLE, Life
from exchange.aggregation.cleansing.forms import (
    PublishForm,
    RuleForm,
    ScheduleForm,
    TableForm,
)
from exchange.aggregation.cleansing.models import Rule, RuleSet
from exchange.aggregation.cleansing.services import rule_sets as service
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    ObjectMixin,
    PageAction,
)

CHANGE = "cleansing.change_ruleset"
VIEW = "cleansing.view_ruleset"
LEVELS = {Life.DRAFT: "yellow", Life.PUBLISHED: "green", Life.RETIRED: "grey"}


def badge(version):
    return status(version.get_state_display(), LEVELS[Life(version.state)])


def trail(label, url="", *rest):
    """Breadcrumbs below the list of rule sets."""
    home, *_others = crumbs(label)
    listed = Crumb(RuleSetList.title, reverse("cleansing:ruleset-list"))
    return [home, listed, Crumb(label, url), *(Crumb(one) for one in rest)]


class RuleSetList(ListPage):
    """Which tables have rules, and when they are applied."""

    model = RuleSet
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Cleansing rules")
    empty_text = gettext_lazy("Make the rules of a table out of its fields.")
    search_fields = ("table__code", "table__name")
    ordering = ("table__code",)
    columns = (
        Column("table", gettext_lazy("Table"), sort="table__code", link=True),
        Column("current.number", gettext_lazy("Published version"), number=True),
        Column("current.published_at", gettext_lazy("Published"), sort=True),
        Column("after_landing", gettext_lazy("After rows landed"), sort=True),
        Column("daily_at", gettext_lazy("Every day at the hour"), number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().select_related("table", "current")

    def get_page_actions(self):
        return [
            PageAction(
                _("Make rules of a table"),
                reverse("cleansing:ruleset-make"),
                icon="plus",
                primary=True,
                permission=CHANGE,
                dialog=True,
            )
        ]


class RuleSetMake(FormPage):
    """A first draft out of the fields of a table."""

    form_class = TableForm
    permission_required = CHANGE
    title = gettext_lazy("Make rules of a table")
    lead = gettext_lazy(
        "What its fields declare becomes a draft: filled, type, length, code list, key."
    )
    success_message = gettext_lazy("The draft is made.")

    def get_breadcrumbs(self):
        return trail(self.title)

    def perform(self, form):
        return service.make(table=form.cleaned_data["table"], by=self.request.user)


class SetMixin(ObjectMixin):
    """Finds the rule set of the address and the version that is asked for."""

    object: Any
    title: Any
    model = RuleSet
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("table__current", "current")

    def get_breadcrumbs(self):
        return trail(str(self.object), self.object.get_absolute_url(), self.title)

    def version(self, name="version", otherwise=None):
        """The version named in the address, else the draft or the published one."""
        wanted = self.request.GET.get(name, "")
        versions = self.object.versions.select_related("rule_set__table", "by")
        if wanted:
            found = versions.filter(number=wanted if wanted.isdecimal() else 0).first()
            if found is None:
                raise Http404(wanted)
            return found
        return otherwise or versions.order_by("-number").first()


class RuleSetPage(SetMixin, DetailPage):
    """The rules of a version and the versions there are."""

    permission_required = VIEW
    template_name = "cleansing/ruleset.html"

    def get_breadcrumbs(self):
        return trail(str(self.object))

    def get_summary(self):
        row = self.object
        return [
            (_("Table"), row.table),
            (_("Published version"), row.current and row.current.number),
            (_("After rows landed"), row.after_landing),
            (_("Every day at the hour"), row.daily_at),
        ]

    def get_actions(self):
        user, row = self.request.user, self.object
        draft = self.version() and row.draft
        options = [
            (_("Edit a draft"), "draft-make", not draft, _("There is a draft"), CHANGE),
            (_("Add a rule"), "rule-add", bool(draft), _("There is no draft"), CHANGE),
            (
                _("Publish"),
                "publish",
                bool(draft),
                _("There is no draft"),
                "cleansing.publish_ruleset",
            ),
            (
                _("Start a run"),
                "start",
                row.current is not None,
                _("Publish the rules first."),
                "cleansing.start_run",
            ),
            (_("When to run"), "schedule", True, "", CHANGE),
        ]
        return [
            {
                "name": label,
                "allowed": allowed,
                "why": why,
                "url": reverse(f"cleansing:{name}", args=[row.uid]),
            }
            for label, name, allowed, why, permission in options
            if user.has_perm(permission)
        ]

    def get_page_actions(self):
        row, version = self.object, self.version()
        if version is None:
            return []
        trial = reverse("cleansing:trial", args=[row.uid])
        compare = reverse("cleansing:compare", args=[row.uid])
        return [
            PageAction(
                _("Try on %(count)d rows") % {"count": SAMPLE},
                f"{trial}?version={version.number}",
                icon="play",
            ),
            PageAction(_("Compare versions"), compare, icon="columns"),
        ]

    def get_context_data(self, **kwargs):
        version = self.version()
        editable = version and version.is_draft and self.request.user.has_perm(CHANGE)
        return super().get_context_data(
            version=version,
            badge=version and badge(version),
            rules=version.rules.all() if version else [],
            versions=[(one, badge(one)) for one in self.object.versions.all()],
            editable=editable,
            **kwargs,
        )


class SetAction(SetMixin, ActionPage):
    """Something done to a rule set."""

    permission_required = CHANGE


class DraftMake(SetAction):
    """Begin a new version."""

    title = gettext_lazy("Edit a draft")
    lead = gettext_lazy("The draft begins as a copy of the published version.")

    def perform(self, form):
        return service.draft(rule_set=self.object, by=self.request.user)


class Schedule(SetMixin, EditPage):
    """When the rules are applied."""

    form_class = ScheduleForm
    permission_required = CHANGE
    title = gettext_lazy("When to run")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        given = form.cleaned_data
        return service.change(rule_set=self.object, by=self.request.user, **given)


class Publish(SetAction):
    """The draft becomes what counts."""

    form_class = PublishForm
    permission_required = "cleansing.publish_ruleset"
    title = gettext_lazy("Publish")
    lead = gettext_lazy("Runs from now on use the draft.")
    success_message = gettext_lazy("Published.")

    def perform(self, form):
        draft = self.object.draft
        if draft is None:
            raise Http404("draft")
        service.publish(version=draft, by=self.request.user, **form.cleaned_data)


class RuleAdd(SetAction):
    """A new rule of the draft."""

    form_class = RuleForm
    title = gettext_lazy("Add a rule")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        draft = self.object.draft
        if draft is None:
            raise Http404("draft")
        return {
            **super().get_form_kwargs(),
            "instance": Rule(version=draft),
            "table": self.object.table,
        }

    def perform(self, form):
        service.keep_rule(rule=form.filled(), by=self.request.user)
        return self.object


class RuleMixin(ObjectMixin):
    """Finds a rule of a draft."""

    object: Any
    model = Rule
    scoped = False
    permission_required = CHANGE

    def get_queryset(self):
        rules = super().get_queryset().filter(version__state=Life.DRAFT)
        return rules.select_related("version__rule_set__table__current")

    def get_breadcrumbs(self):
        rule_set = self.object.version.rule_set
        return trail(str(rule_set), rule_set.get_absolute_url(), self.object.name)

    def get_cancel_url(self):
        return self.object.version.rule_set.get_absolute_url()

    def get_success_url(self, result):
        return self.get_cancel_url()


class RuleEdit(RuleMixin, EditPage):
    """Change a rule of the draft."""

    form_class = RuleForm
    title = gettext_lazy("Change the rule")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        table = self.object.version.rule_set.table
        return {**super().get_form_kwargs(), "table": table}

    def perform(self, form):
        service.keep_rule(rule=form.filled(), by=self.request.user)


class RuleDrop(RuleMixin, ActionPage):
    """Take a rule out of the draft."""

    title = gettext_lazy("Take the rule out")
    submit_level = "danger"
    success_message = gettext_lazy("The rule is taken out.")

    def perform(self, form):
        service.drop_rule(rule=self.object, by=self.request.user)


class TrialPage(SetMixin, DetailPage):
    """What a version would find in the newest rows."""

    permission_required = VIEW
    title = gettext_lazy("Trial of the rules")
    template_name = "cleansing/trial.html"

    def get_context_data(self, **kwargs):
        version = self.version()
        trial = service.try_out(version) if version else None
        return super().get_context_data(version=version, trial=trial, **kwargs)


class ComparePage(SetMixin, DetailPage):
    """What is different between two versions."""

    permission_required = VIEW
    title = gettext_lazy("Compare versions")
    template_name = "cleansing/compare.html"

    def get_context_data(self, **kwargs):
        new = self.version("new")
        versions = list(self.object.versions.all())
        before = next((one for one in versions if new and one.number < new.number), new)
        old = self.version("old", before)
        return super().get_context_data(
            old=old,
            new=new,
            versions=versions,
            differences=selectors.differences(old, new) if old and new else [],
            **kwargs,
        )
