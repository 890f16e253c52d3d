"""Playing outages against a running federation, to see that it stands them."""
