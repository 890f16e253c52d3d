"""Roles of the municipal tier."""
