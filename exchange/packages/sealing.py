"""Who made a package: signing the manifest, and checking it."""

from django.utils.translation import gettext as _

from exchange.delivery import keys, seals
from exchange.delivery.enums import PeerState
from exchange.delivery.models import NodeKey, Peer
from platform_core.common.clock import now
from platform_core.common.errors import DomainError
from platform_core.common.models import own_node

from .layout import altered
from .reading import Reader


def sign(manifest: bytes) -> bytes:
    """Signatures under every own key that is valid.

    Who has no line may not have heard of the newest key yet.
    """
    made = [
        {"alg": key.alg, "keyid": key.keyid, "value": key.sign(manifest)}
        for key in keys.own_keys()
    ]
    return seals.canonical({"signatures": made})


def sender(package: Reader) -> tuple[Peer, NodeKey]:
    """Who signed a package that is for this platform; DomainError otherwise."""
    code = package.manifest["sender"]
    peer = Peer.objects.filter(code=code).first()
    known = [
        (key, one)
        for one in package.signatures
        if (key := keys.known(one["keyid"])) is not None and key.node == code
    ]
    if peer is None or peer.state == PeerState.DRAFT or not known:
        text = _("This platform or its key is not known here.")
        raise _refused(text, "unknown_peer")
    fitting = [
        key
        for key, one in known
        if one["alg"] == key.alg and keys.verifies(key, one["value"], package.raw)
    ]
    if not fitting:
        raise altered(_("The signature does not fit the package."))
    valid = [key for key in fitting if key.valid(now())]
    if not valid:
        raise _refused(_("The key was retired."), "expired")
    check_line(peer)
    if package.manifest["receiver"] != own_node():
        text = _("The package is for another platform: %(code)s")
        raise _refused(text % {"code": package.manifest["receiver"]}, "out_of_scope")
    return peer, valid[0]


def check_line(peer: Peer) -> None:
    """Nothing goes to and comes from a platform that may not speak."""
    if not peer.speaks:
        raise _refused(_("The connection is suspended."), "suspended")


def _refused(text: str, code: str) -> DomainError:
    return DomainError(text, code=code, fields={"file": text})
