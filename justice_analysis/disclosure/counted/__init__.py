"""Who is counted: people, families, cases, and the people behind events."""
