"""Tables of the exchange between platforms."""

from .incoming import LedgerRow, ReceivedBatch, RefusedGroup, RejectedRecord
from .outgoing import Batch, Group, Parcel, ProblemRecord
from .peers import Call, Invitation, NodeKey, Nonce, Outage, Peer

__all__ = [
    "Batch",
    "Call",
    "Group",
    "Invitation",
    "LedgerRow",
    "NodeKey",
    "Nonce",
    "Outage",
    "Parcel",
    "Peer",
    "ProblemRecord",
    "ReceivedBatch",
    "RefusedGroup",
    "RejectedRecord",
]
