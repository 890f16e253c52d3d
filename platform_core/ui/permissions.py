"""Permission sentinels and the decorator of function views."""

from platform_core.common.access import PUBLIC, SIGNED_IN, admit, page, permits

__all__ = ["PUBLIC", "SIGNED_IN", "admit", "page", "permits"]
