"""Base data of the city: how it changes, how it comes in, what lies over the map."""

from .changes import PastRevision, Proposal
from .classes import ClassRevision, CodeMove, EditionMove
from .components import BlockCount
from .grids import AreaGrid, GridEdit, GridVersion
from .imports import CoordinateSystem, Delivery, ImportProfile
from .layers import LayerFeature, LayerKind
from .maps import CimService, MapLayer, MapPoint
from .surveys import Campaign, CampaignFinding, CampaignGrid

__all__ = [
    "AreaGrid",
    "BlockCount",
    "Campaign",
    "CampaignFinding",
    "CampaignGrid",
    "CimService",
    "ClassRevision",
    "CodeMove",
    "CoordinateSystem",
    "Delivery",
    "EditionMove",
    "GridEdit",
    "GridVersion",
    "ImportProfile",
    "LayerFeature",
    "LayerKind",
    "MapLayer",
    "MapPoint",
    "PastRevision",
    "Proposal",
]
