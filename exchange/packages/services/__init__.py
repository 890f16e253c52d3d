"""Everything that packages write."""
