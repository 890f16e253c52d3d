"""Handing files out."""

from typing import IO, Any

from django.http import Http404

from exchange.packages.models import Package
from platform_core.audit import services as audit


def opened(*, package: Package, by: Any) -> IO[bytes]:
    """The file of a package; who got it is written down."""
    try:
        stream = package.path.open("rb")
    except FileNotFoundError as error:
        raise Http404(package.name) from error
    audit.record("package.downloaded", package, by=by, data={"sha256": package.sha256})
    return stream
