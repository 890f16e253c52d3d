"""Other terms of subscriptions: agreeing, declining, limiting."""

from django.utils.translation import gettext_lazy

from exchange.feeds.forms import LimitForm, ReasonForm
from exchange.feeds.services import changing

from .subscriptions import SubscriptionAction, asked, person


class OwnerAgreement(SubscriptionAction):
    """The first approval of other terms."""

    permission_required = "feeds.approve_as_owner"
    title = gettext_lazy("Agree to the other terms as owner")
    success_message = gettext_lazy("Approved.")

    def get_context_data(self, **kwargs):
        lead = asked(self.object.wanted)
        return {**super().get_context_data(**kwargs), "lead": lead}

    def perform(self, form):
        by = person(self.request)
        return changing.agree_as_owner(subscription=self.object, by=by)


class ManagerAgreement(SubscriptionAction):
    """The second approval; the terms count from then on."""

    permission_required = "feeds.approve_as_manager"
    title = gettext_lazy("Agree to the other terms as manager")
    success_message = gettext_lazy("The other terms count from now on.")

    def get_context_data(self, **kwargs):
        lead = asked(self.object.wanted)
        return {**super().get_context_data(**kwargs), "lead": lead}

    def perform(self, form):
        by = person(self.request)
        return changing.agree_as_manager(subscription=self.object, by=by)


class Decline(SubscriptionAction):
    """The terms stay as they are."""

    form_class = ReasonForm
    title = gettext_lazy("Decline the other terms")
    lead = gettext_lazy("The present terms go on.")
    success_message = gettext_lazy("Declined.")

    def perform(self, form):
        by = person(self.request)
        return changing.decline(subscription=self.object, by=by, **form.cleaned_data)


class Limit(SubscriptionAction):
    """Give less than was agreed to."""

    form_class = LimitForm
    title = gettext_lazy("Limit")
    lead = gettext_lazy("Fewer divisions, more masked fields or an earlier end.")
    success_message = gettext_lazy("Limited.")
    submit_level = "danger"

    def get_initial(self):
        row = self.object
        return {
            "divisions": ", ".join(row.divisions),
            "masks": ", ".join(row.masks),
            "valid_to": row.valid_to,
        }

    def perform(self, form):
        by = person(self.request)
        return changing.limit(subscription=self.object, by=by, **form.cleaned_data)
