"""Pages of the monitoring system."""
