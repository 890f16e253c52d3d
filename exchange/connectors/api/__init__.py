"""HTTP access to flows, their runs and what they set aside."""
