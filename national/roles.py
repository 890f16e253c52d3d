"""Roles of the national tier."""
