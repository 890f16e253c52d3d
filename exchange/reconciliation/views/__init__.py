"""The operator's pages of reconciliation."""
