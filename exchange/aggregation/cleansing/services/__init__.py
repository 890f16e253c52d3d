"""What changes the rules, the runs and the problems."""
