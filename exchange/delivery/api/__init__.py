"""The protocol's resources under /exchange/v1/."""
