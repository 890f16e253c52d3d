"""The API of the monitoring system."""
