"""XML, with no entities and no documents fetched: the one parser of the readers."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat


class XmlError(ValueError):
    """XML is damaged or declares entities, which could grow without end."""


def parsed(content: bytes) -> Element:
    """Read XML into elements named without their namespace.

    Raises
    ------
    XmlError
        If it is damaged or declares entities.
    """
    builder = TreeBuilder(insert_comments=True)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def local(name: str) -> str:
        return name.rpartition("}")[2]

    def start(name: str, attributes: dict[str, str]) -> None:
        builder.start(local(name), {local(key): value for key, value in attributes.items()})

    def refused(*declared: object) -> None:
        raise XmlError("entities are declared")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: builder.end(local(name))
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = builder.comment
    parser.EntityDeclHandler = refused
    try:
        parser.Parse(content, True)
        return builder.close()
    except expat.ExpatError:
        raise XmlError("damaged") from None


def words(element: Element, *, separator: str = " ") -> str:
    """Join all text of an element, comments and attributes left out."""
    return separator.join(part for part in element.itertext() if part.strip())


def comments(element: Element) -> list[str]:
    """Collect the comments in an element."""
    return [one.text or "" for one in element.iter() if callable(one.tag)]
