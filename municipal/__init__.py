"""The municipal tier."""
