"""Pages of case handling."""
