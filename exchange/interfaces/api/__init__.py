"""HTTP access to the data standard."""
