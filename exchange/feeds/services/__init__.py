"""Every write of subscriptions and feeds."""
