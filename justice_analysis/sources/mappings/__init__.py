"""One mapping for each dataset: contract tables in, common tables out."""
