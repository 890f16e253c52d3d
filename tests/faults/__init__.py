"""The exchange under faults: two small real platforms, and what is done to them."""
