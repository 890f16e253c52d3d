"""Who may read a file."""

from typing import Any

from django.apps import apps

from .models import Attachment


def may_read(user: Any, attachment: Attachment) -> bool:
    """The uploader may, and whoever may see the object that it is attached to."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser or attachment.uploaded_by_id == user.pk:
        return True
    if not attachment.target_type:
        return False
    rows = apps.get_model(attachment.target_type)._default_manager.all()
    visible_to = getattr(rows, "visible_to", None)
    if visible_to is None:
        return False
    return bool(visible_to(user).filter(pk=attachment.target_id).exists())
