"""Checks: plain functions that yield problems; none changes what it looks at."""
