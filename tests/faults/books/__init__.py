"""A little business of its own, whose records cross."""
