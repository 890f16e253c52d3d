"""Checking rows of a table by rules; DuckDB and plain Python, no framework."""
