"""Downloads."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from platform_core.common.access import SIGNED_IN, page

from .models import Attachment
from .policies import may_read
from .services import open_attachment


@require_safe
@page(permission=SIGNED_IN)
def download(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A file, or with `?size=thumb` a small picture of it.

    Who may not read it is told the same as where there is none.
    """
    attachment = get_object_or_404(Attachment.objects.select_related("blob"), uid=uid)
    if not may_read(request.user, attachment):
        raise Http404
    thumb = request.GET.get("size") == "thumb"
    return open_attachment(attachment, request, thumb=thumb)
