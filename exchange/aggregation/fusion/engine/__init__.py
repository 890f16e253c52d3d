"""Bringing rows of several sources together; DuckDB and plain Python, no framework."""
