"""Roles of the provincial tier."""
