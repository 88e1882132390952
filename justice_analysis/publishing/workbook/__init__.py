"""A paper's released tables as an accessible workbook, in XLSX and ODS with the same content."""

from justice_analysis.publishing.workbook.ods import write_ods
from justice_analysis.publishing.workbook.workbook import Sheet, Workbook, make_workbook
from justice_analysis.publishing.workbook.xlsx import write_xlsx

__all__ = ["Sheet", "Workbook", "make_workbook", "write_ods", "write_xlsx"]
