"""Tables of the exchange between platforms."""

from .blobs import BlobGrant, BlobTransfer
from .detours import Detour
from .incoming import LedgerRow, ReceivedBatch, RefusedGroup, RejectedRecord
from .outgoing import Batch, Group, Parcel, ProblemRecord
from .peers import Call, Invitation, LineTest, NodeKey, Nonce, Outage, Peer
from .policies import PeerPolicy

__all__ = [
    "Batch",
    "BlobGrant",
    "BlobTransfer",
    "Call",
    "Detour",
    "Group",
    "Invitation",
    "LedgerRow",
    "LineTest",
    "NodeKey",
    "Nonce",
    "Outage",
    "Parcel",
    "Peer",
    "PeerPolicy",
    "ProblemRecord",
    "ReceivedBatch",
    "RefusedGroup",
    "RejectedRecord",
]
