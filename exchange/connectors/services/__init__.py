"""Everything that connectors write."""
