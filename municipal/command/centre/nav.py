"""Entries of the navigation, by part of the app."""

from . import desk_nav, wall_nav

__all__ = ["desk_nav", "wall_nav"]
