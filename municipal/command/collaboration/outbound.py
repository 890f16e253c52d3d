"""The only place from which collaborative work calls out: callbacks by POST.

The name is resolved once, every address it has is checked, and the connection
goes to a checked address, so that a name cannot point elsewhere in between.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.utils.translation import gettext as _
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
)

from platform_core.common.errors import DomainError, PeerUnavailable

TIMEOUT = httpx.Timeout(10, connect=5)
ANSWER_LENGTH = 500
AT_ONCE = 3


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def check_url(url: str) -> str:
    """An address that may be called; DomainError says what is wrong with it."""
    parts = urlsplit(url.strip())
    wrong = ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong = _("An address begins with https:// or http://.")
    elif parts.username or parts.password or parts.fragment:
        wrong = _("An address has no password and no fragment.")
    if wrong:
        raise DomainError(wrong, fields={"callback_url": wrong})
    return url.strip()


def safe_address(host: str, port: int, *, allow_private: bool) -> str:
    """An IP address of a host; refused if any of them lies in a private network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PeerUnavailable(_("The address cannot be found.")) from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not allow_private and not all(map(_is_public, addresses)):
        raise DomainError(
            _("The address lies in a private network; that is not allowed here."),
            code="private_address",
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def post(
    url: str, body: bytes, headers: dict[str, str], *, allow_private: bool
) -> Answer:
    """Send it, and again at once when no answer comes; no redirect is followed."""
    parts = urlsplit(check_url(url))
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = safe_address(host, port, allow_private=allow_private)
    netloc = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    target = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    sent = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
    retrying = Retrying(
        stop=stop_after_attempt(AT_ONCE),
        wait=wait_exponential(multiplier=0.2, max=2),
        retry=retry_if_exception_type(httpx.TransportError),
        reraise=True,
    )
    try:
        response = retrying(_send, target, body, sent, host)
    except httpx.HTTPError as error:
        raise PeerUnavailable(str(error) or type(error).__name__) from error
    return Answer(response.status_code, response.text[:ANSWER_LENGTH])


def _send(
    target: str, body: bytes, headers: dict[str, str], host: str
) -> httpx.Response:
    with httpx.Client(
        timeout=TIMEOUT, follow_redirects=False, trust_env=False
    ) as client:
        request = client.build_request(
            "POST",
            target,
            content=body,
            headers=headers,
            extensions={"sni_hostname": host},
        )
        return client.send(request)
