"""Pages of fusion."""
