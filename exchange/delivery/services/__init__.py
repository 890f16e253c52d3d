"""What the exchange does: join, announce, send, receive, watch."""
