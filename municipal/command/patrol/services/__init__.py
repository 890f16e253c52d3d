"""What is done with duty in the field."""
