"""The catalogue over HTTP: DCAT, and plain JSON."""
