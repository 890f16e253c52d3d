"""Tasks, runs, pairs, masters and unmatched codes over HTTP."""
