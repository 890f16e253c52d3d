"""Reads of the operator's part."""
