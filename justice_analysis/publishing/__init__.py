"""Publishing: the book, built from released objects only."""

from justice_analysis.publishing.book import BookReport, build_book, open_book

__all__ = ["BookReport", "build_book", "open_book"]
