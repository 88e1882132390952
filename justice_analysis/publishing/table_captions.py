"""A Sphinx extension: a table of a page that has no caption is named by the heading above it."""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, Any]:
    """Name tables once a page has been read."""
    app.connect("doctree-read", _name_tables)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _name_tables(app: Any, doctree: Any) -> None:
    """Screen readers list tables by caption; to the eye the heading says it already."""
    from docutils import nodes

    for table in list(doctree.findall(nodes.table)):
        if any(isinstance(child, nodes.title) for child in table.children):
            continue
        section = table.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        said = section.next_node(nodes.title).astext() if section is not None else "Table"
        table["classes"].append("named-by-heading")
        table.insert(0, nodes.title(said, said))
