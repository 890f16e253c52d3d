"""Rules of alarms: list, versions, changing them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.operations.filters import RuleFilter
from exchange.operations.forms import NewRuleForm, RuleForm
from exchange.operations.models import AlarmRule
from exchange.operations.services import rules as service
from platform_core.accounts import roles as known_roles
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .alarms import severity
from .board import VIEW

MANAGE = "operations.manage_rules"


def threshold(row):
    return f"{row.threshold} {row.unit}"


def listed(values):
    return ", ".join(values) or _("All")


def told(row):
    return ", ".join(known_roles.label(code) for code in row.roles) or "—"


def quiet(row):
    if row.quiet_from is None or row.quiet_to is None:
        return "—"
    return f"{row.quiet_from:%H:%M}–{row.quiet_to:%H:%M}"


class RuleList(ListPage):
    """What is watched."""

    model = AlarmRule
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Alarm rules")
    empty_text = gettext_lazy("No rule watches the exchange.")
    filterset_class = RuleFilter
    search_fields = ("code", "name")
    ordering = ("code",)
    columns = (
        Column("name", gettext_lazy("Name"), sort=True, link=True),
        Column("kind", gettext_lazy("Kind of alarm"), sort=True),
        Column("threshold", gettext_lazy("Threshold"), render=threshold),
        Column("severity", gettext_lazy("Severity"), sort=True, render=severity),
        Column("roles", gettext_lazy("Roles that are told"), render=told, export=told),
        Column("quiet", gettext_lazy("Quiet hours"), render=quiet, export=quiet),
        Column("active", gettext_lazy("In use"), sort=True),
        Column("version", gettext_lazy("Version"), number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return super().get_queryset().filter(in_force=True)

    def get_page_actions(self):
        url = reverse("operations:rule-add")
        label = _("Add a rule")
        return [PageAction(label, url, "plus", primary=True, permission=MANAGE)]


class RulePage(DetailPage):
    """A rule with its versions."""

    model = AlarmRule
    scoped = False
    lookup = "code"
    permission_required = VIEW
    template_name = "operations/rule.html"

    def get_queryset(self):
        return super().get_queryset().filter(in_force=True)

    def get_breadcrumbs(self):
        return crumbs(RuleList.title, self.object.name)

    def get_summary(self):
        row = self.object
        return [
            (_("Kind of alarm"), row.get_kind_display()),
            (_("Threshold"), threshold(row)),
            (_("Window (hours)"), row.window_hours),
            (_("Days compared"), row.compared_days),
            (_("Same weekday only"), row.same_weekday),
            (_("Least number"), row.least),
            (_("Platforms"), listed(row.peers)),
            (_("Interfaces watched"), listed(row.interfaces)),
            (_("Severity"), severity(row)),
            (_("Roles that are told"), told(row)),
            (_("Quiet hours"), quiet(row)),
            (_("In use"), row.active),
        ]

    def get_actions(self):
        if not self.request.user.has_perm(MANAGE):
            return []
        url = reverse("operations:rule-edit", args=[self.object.code])
        return [{"name": _("Change"), "allowed": True, "why": "", "url": url}]

    def get_context_data(self, **kwargs):
        rows = AlarmRule.objects.filter(code=self.object.code).select_related("by")
        return super().get_context_data(versions=rows[:20], **kwargs)


class RuleEdit(ActionPage):
    """A new version of a rule."""

    model = AlarmRule
    scoped = False
    lookup = "code"
    permission_required = MANAGE
    form_class = RuleForm
    title = gettext_lazy("Change")
    lead = gettext_lazy("The rule before this change is kept as a version.")
    success_message = gettext_lazy("The rule is changed.")

    def get_queryset(self):
        return super().get_queryset().filter(in_force=True)

    def get_breadcrumbs(self):
        return crumbs(RuleList.title, self.object.name)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.get_object()}

    def perform(self, form):
        by = self.request.user
        return service.keep(code=self.object.code, by=by, **form.cleaned_data)


class RuleAdd(FormPage):
    """A rule of one's own."""

    form_class = NewRuleForm
    permission_required = MANAGE
    title = gettext_lazy("Add a rule")
    success_message = gettext_lazy("The rule is in force.")
    success_url = "operations:rule-list"

    def get_breadcrumbs(self):
        return crumbs(RuleList.title, self.title)

    def perform(self, form):
        return service.keep(by=self.request.user, **form.cleaned_data)
