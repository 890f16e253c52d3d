"""The protocol's resource of digests."""
