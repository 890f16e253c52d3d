"""Everything that crosses from one node to another."""
