"""What metrics are made of: shares, counts, durations, incidence, and their outputs."""
