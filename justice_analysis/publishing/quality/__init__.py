"""The quality of loaded data, as a page to look at."""
