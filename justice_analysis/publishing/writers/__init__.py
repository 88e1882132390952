"""Writers of a paper: the book's page in MyST, a tagged PDF, a Word document."""
