"""Benchmarks: each figure is a ratio, measured side by side in one run on the same content."""
