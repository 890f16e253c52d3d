"""Tables of connectors."""

from .flows import CodeMap, Flow, FlowVersion
from .runs import LogLine, Reject, Run, SeenFile
from .sources import Source

__all__ = [
    "CodeMap",
    "Flow",
    "FlowVersion",
    "LogLine",
    "Reject",
    "Run",
    "SeenFile",
    "Source",
]
