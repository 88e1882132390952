"""Each metric beside a hand-written query with the same result: `python -m benchmarks.metrics`."""
