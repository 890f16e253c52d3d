"""The operator's pages of subscriptions."""
