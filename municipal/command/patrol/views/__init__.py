"""Pages of the supervision centre over inspectors."""
