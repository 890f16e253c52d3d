"""Making, bringing in, taking, giving up, downloading."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from exchange.packages.enums import Direction
from exchange.packages.forms import BringForm, MakeForm
from exchange.packages.models import Package
from exchange.packages.policies import MAKE, TAKE, VIEW, may_download
from exchange.packages.services import downloads, making, taking
from platform_core.common.access import page
from platform_core.ui.views import ActionPage, FormPage

from .packages import below


class Make(FormPage):
    """The first answer says how much it would be, the second one makes it."""

    form_class = MakeForm
    permission_required = MAKE
    template_name = "packages/make.html"
    title = gettext_lazy("Make a package")
    lead = gettext_lazy(
        "A file for a platform without a line; what it has already stays unchanged."
    )
    submit_label = gettext_lazy("Continue")
    success_url = "packages:package-list"

    def get_breadcrumbs(self):
        return below(self.title)

    def get_initial(self):
        return {"attachments": True, **super().get_initial()}

    def perform(self, form):
        wish, peer = form.wish, form.cleaned_data["peer"]
        if "confirmed" not in self.request.POST:
            volume = making.preview(peer=peer, wish=wish)
            context = self.get_context_data(form=form, volume=volume)
            return render(self.request, self.template_name, context)
        return making.start(peer=peer, wish=wish, by=self.request.user)

    def get_success_url(self, result):
        return result.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"volume": None} | kwargs)


class Bring(FormPage):
    """Upload a package or a receipt."""

    form_class = BringForm
    permission_required = TAKE
    title = gettext_lazy("Bring in a package")
    lead = gettext_lazy(
        "It is checked and tried first; nothing is taken until you say so."
    )
    submit_label = pgettext_lazy("package", "Check")
    success_url = "packages:package-list"

    def get_breadcrumbs(self):
        return below(self.title)

    def perform(self, form):
        upload = form.cleaned_data["file"]
        brought = taking.bring(upload=upload, by=self.request.user)
        if brought.known:
            text = _("This package was brought before; nothing was changed.")
            messages.warning(self.request, text)
        return brought.package

    def get_success_url(self, result):
        return result.get_absolute_url()


class PackageAction(ActionPage):
    """Something done to one package."""

    model = Package
    scoped = False
    lookup = "uid"
    permission_required = VIEW

    def get_breadcrumbs(self):
        return below(str(self.object), self.title)

    def prepare(self):
        super().prepare()
        brought = self.object.direction == Direction.IN
        if not self.request.user.has_perm(TAKE if brought else MAKE):
            raise PermissionDenied


class Take(PackageAction):
    """Take the records for good."""

    permission_required = TAKE
    title = gettext_lazy("Take the records")
    lead = gettext_lazy(
        "They go in by the same checks as over the line; a receipt is made of it."
    )
    success_message = gettext_lazy("It runs in the background.")

    def perform(self, form):
        return taking.take(package=self.object, by=self.request.user)


class Again(PackageAction):
    """Let work that broke off go on."""

    title = gettext_lazy("Go on")
    success_message = gettext_lazy("It goes on.")

    def perform(self, form):
        return taking.again(package=self.object, by=self.request.user)


class Discard(PackageAction):
    """A package that was lost, or that nobody wants."""

    title = gettext_lazy("Give up")
    lead = gettext_lazy("The file is removed. What is inside waits for another way.")
    submit_level = "danger"

    def perform(self, form):
        return taking.discard(package=self.object, by=self.request.user)


@require_GET
@page(permission=VIEW)
def download(request, uid):
    """The file of a package that was made here; who got it is written down."""
    package = Package.objects.filter(uid=uid).select_related("peer").first()
    if package is None:
        raise Http404(uid)
    if not may_download(request.user, package):
        raise PermissionDenied
    stream = downloads.opened(package=package, by=request.user)
    return FileResponse(
        stream,
        as_attachment=True,
        filename=package.name,
        content_type="application/zip",
    )
