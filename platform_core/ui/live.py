"""Live refresh by polling: ETags from a version counter or from the content."""

from platform_core.common.live import answer, bump, etagged, version_of

__all__ = ["answer", "bump", "etagged", "version_of"]
