"""Who may do what with packages."""

from typing import Any

from .enums import Direction, Kind
from .models import Package

VIEW = "packages.view_package"
MAKE = "packages.make_package"
TAKE = "packages.take_package"


def may_download(user: Any, package: Package) -> bool:
    """Files made here: packages by who makes them, receipts by who takes others'."""
    if package.direction != Direction.OUT or not package.has_file:
        return False
    needed = MAKE if package.kind == Kind.RECORDS else TAKE
    return bool(user.has_perm(needed))
