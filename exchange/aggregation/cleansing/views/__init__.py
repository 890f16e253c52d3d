"""Pages of cleansing."""
