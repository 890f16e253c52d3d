"""Systems that two or more tiers share."""
