"""What changes code maps, tasks, runs, pairs and masters."""
