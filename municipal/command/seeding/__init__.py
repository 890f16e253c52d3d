"""A generated city of full size, written set by set past the services."""
