"""The provincial tier."""
