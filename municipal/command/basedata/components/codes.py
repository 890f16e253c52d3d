"""Serial codes of new components; a code is never given twice."""

from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command.models import Component
from platform_core.classification.codes import ComponentCode
from platform_core.common.errors import DomainError
from platform_core.common.models import Sequence

LAST = 999_999


def next_code(county: str, class_code: str) -> str:
    """The next code of a class in a county, beyond all that ever existed."""
    prefix = f"{county}{class_code}"
    name = f"component.{prefix}"
    serial = Sequence.take(name)  # its row stays locked until the commit
    known = Component.objects.filter(
        code__range=(f"{prefix}000000", f"{prefix}{LAST}"), class_code=class_code
    ).aggregate(last=Max("code"))["last"]
    used = int(known[-6:]) if known else 0
    if serial <= used:
        serial = used + 1
        Sequence.objects.filter(pk=name).update(value=serial)
    if serial > LAST:
        raise DomainError(_("All serial numbers of this class are used."))
    return str(ComponentCode(county, class_code, serial))
