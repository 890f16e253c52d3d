"""Positions and tracks over HTTP."""
