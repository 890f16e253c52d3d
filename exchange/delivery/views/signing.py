"""The own signing keys: which there are, a new one, the end of one."""

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.enums import KeyPhase
from exchange.delivery.forms import RotateForm
from exchange.delivery.models import NodeKey
from exchange.delivery.services import rotation
from platform_core.common.access import page
from platform_core.common.clock import now
from platform_core.ui.components import status
from platform_core.ui.views import ActionPage, FormPage, PageAction, PlainPage

from .peers import crumbs

LEVELS = {
    KeyPhase.ANNOUNCED: "blue",
    KeyPhase.IN_USE: "green",
    KeyPhase.ENDING: "orange",
    KeyPhase.RETIRED: "grey",
}


def row(key):
    """A key with its state and those who do not know it yet."""
    phase = key.phase(now())
    return {
        "key": key,
        "badge": status(phase.label, LEVELS[phase]),
        "unaware": rotation.unaware(key) if key.pending else [],
        "retire": phase != KeyPhase.RETIRED,
    }


class KeyPage(PlainPage):
    """All keys that this platform ever signed with."""

    permission_required = "delivery.view_peer"
    title = gettext_lazy("Signing keys")
    template_name = "delivery/keys.html"

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_page_actions(self):
        return [
            PageAction(
                _("Download public keys"),
                reverse("delivery:public-keys"),
                icon="download",
            ),
            PageAction(
                _("New key"),
                reverse("delivery:key-rotate"),
                icon="plus",
                primary=True,
                permission="delivery.manage_key",
                dialog=True,
            ),
        ]

    def get_context_data(self, **kwargs):
        rows = [row(key) for key in rotation.own()]
        may = self.request.user.has_perm("delivery.manage_key")
        return {**super().get_context_data(**kwargs), "rows": rows, "may": may}


@page(permission="delivery.view_peer")
def public_keys(request):
    """All keys known here, as `verify_certificate --keys` reads them."""
    keys = NodeKey.objects.order_by("node", "serial")
    rows = keys.values("node", "serial", "alg", "public_key", "valid_from", "valid_to")
    listed = [{"keyid": f"{one['node']}#{one['serial']}", **one} for one in rows]
    answer = JsonResponse(listed, safe=False, json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="public-keys.json"'
    return answer


class KeyRotate(FormPage):
    """Announce a new key."""

    form_class = RotateForm
    permission_required = "delivery.manage_key"
    title = gettext_lazy("New key")
    lead = gettext_lazy(
        "The key is announced to all connected platforms and signs as soon as they "
        "know it, or from the time given. The old one stays valid for the overlap."
    )
    success_url = "delivery:key-list"
    success_message = gettext_lazy("The new key is announced.")

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def perform(self, form):
        return rotation.rotate(by=self.request.user, **form.cleaned_data)

    def get_success_url(self, result):
        return reverse("delivery:key-list")


class KeyRetire(ActionPage):
    """End a key at once."""

    model = NodeKey
    scoped = False
    lookup = "serial"
    permission_required = "delivery.manage_key"
    title = gettext_lazy("Retire")
    lead = gettext_lazy(
        "Signatures of this key are refused everywhere from now on. Do this when the "
        "key may be in wrong hands; otherwise let it end by itself."
    )
    submit_level = "danger"
    success_message = gettext_lazy("The key is retired.")

    def get_queryset(self):
        return rotation.own()

    def get_breadcrumbs(self):
        return crumbs(self.object.keyid, self.title)

    def perform(self, form):
        return rotation.retire(serial=self.object.serial, by=self.request.user)

    def get_cancel_url(self):
        return reverse("delivery:key-list")

    def get_success_url(self, result):
        return reverse("delivery:key-list")
