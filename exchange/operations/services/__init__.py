"""Writes of the operator's part."""
