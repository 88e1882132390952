"""From records to people, and from case rows to sets of proceedings."""
