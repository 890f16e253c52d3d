"""The national tier."""
