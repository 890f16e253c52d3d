"""Tables of subscriptions and feeds."""

from .subscriptions import Application, Passage, Subscription

__all__ = ["Application", "Passage", "Subscription"]
