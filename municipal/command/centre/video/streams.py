"""Which addresses may be played: those of registered servers, and our own.

Only the reader's browser goes there; the platform itself never calls them. The
page's policy names the same servers, so a browser refuses anything else.
"""

import ipaddress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from municipal.command.centre.common import keep, wrong
from municipal.command.centre.models import StreamServer
from platform_core.accounts.models import User
from platform_core.ui.maps import origin

MANAGE = "centre.manage_video"
LOCAL_NAMES = ("localhost", ".local", ".lan", ".internal", ".localdomain")
STAMP = "%Y%m%dT%H%M%SZ"


def is_private(host: str) -> bool:
    """Whether a host lies in a private network, as far as its name tells."""
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.lower().endswith(LOCAL_NAMES)


def save_server(*, server: StreamServer, by: User) -> StreamServer:
    """Register a server; a private one only where that is said on purpose."""
    parts = urlsplit(server.address.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong("address", _("An address begins with https:// or http://."))
    if parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise wrong("address", _("Give scheme, host and port only."))
    if is_private(parts.hostname) and not server.allow_private:
        raise wrong(
            "address",
            _("The address lies in a private network; that is not allowed here."),
        )
    server.address = origin(server.address.strip())
    server.revision += 1
    kept: StreamServer = keep(server, "video.server_saved", by=by, permission=MANAGE)
    return kept


def origins() -> frozenset[str]:
    """The servers that pages may play from."""
    rows = StreamServer.objects.filter(is_active=True)
    return frozenset(rows.values_list("address", flat=True))


def check(url: str, field: str, known: frozenset[str] | None = None) -> str:
    """An address that may be played; a DomainError says what is wrong."""
    url = url.strip()
    if not url or (url.startswith("/") and not url.startswith(("//", "/\\"))):
        return url
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise wrong(field, _("An address has no password and no fragment."))
    if not origin(url) or origin(url) not in (origins() if known is None else known):
        raise wrong(field, _("This stream server is not registered."))
    return url


def check_replay(url: str, known: frozenset[str] | None = None) -> str:
    """A template of recordings: both moments stand in it."""
    url = check(url, "replay", known)
    if url and not ("{begin}" in url and "{end}" in url):
        raise wrong("replay", _("The address needs {begin} and {end}."))
    return url


def replay_address(template: str, begin: datetime, end: datetime) -> str:
    """The address of a recording from one moment to another."""
    moments = {"{begin}": begin, "{end}": end}
    for name, moment in moments.items():
        template = template.replace(name, f"{moment.astimezone(UTC):{STAMP}}")
    return template
