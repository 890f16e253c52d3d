"""Resources of the protocol that operations add."""
