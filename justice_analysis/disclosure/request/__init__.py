"""The files that leave, in words that need nothing of ours."""
