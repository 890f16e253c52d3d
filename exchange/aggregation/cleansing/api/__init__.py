"""Scores, runs and problems over HTTP."""
