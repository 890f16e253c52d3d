"""Pages of the maintenance system."""
