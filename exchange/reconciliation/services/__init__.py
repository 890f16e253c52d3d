"""Every write of digests and certificates."""
