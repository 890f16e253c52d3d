"""The protocol's resources of subscriptions and feeds."""
