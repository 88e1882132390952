"""Did it work? Matched comparisons of participants, and roll-outs by place and time."""
