"""Sending again: by record, by batch, by stretch of time; first the number."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.services import resending
from exchange.delivery.views.peers import crumbs
from exchange.operations.forms import ResendForm
from platform_core.ui.views import FormPage

RESEND = "delivery.resend_problem"


class ResendPage(FormPage):
    """The first answer says how much it would be, the second one sends it."""

    form_class = ResendForm
    permission_required = RESEND
    template_name = "operations/resend.html"
    title = gettext_lazy("Send again")
    lead = gettext_lazy("What the platform has already is answered as unchanged.")
    submit_label = gettext_lazy("Show what would go")
    success_url = "operations:resend"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def perform(self, form):
        parcels = form.parcels()
        volume = resending.preview(parcels)
        if "confirmed" not in self.request.POST or not volume.groups:
            context = self.get_context_data(form=form, volume=volume)
            return render(self.request, self.template_name, context)
        count = form.send(by=self.request.user)
        text = _("%(count)s groups are sent again.") % {"count": count}
        messages.success(self.request, text)
        return None

    def get_context_data(self, *, volume=None, **kwargs):
        if volume is not None and volume.groups:
            kwargs["submit_label"] = self.title
        return super().get_context_data(volume=volume, **kwargs)
