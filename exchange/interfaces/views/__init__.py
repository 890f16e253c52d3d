"""The pages of the data standard."""
