"""XML that nobody vetted: without DTD and entities, and bounded in size, depth and elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_TEXT: Final = 2_000_000  # characters
# A POM nests to about twelve. What walks a tree here may do so by recursion.
DEEPEST: Final = 100
MOST_ELEMENTS: Final = 100_000


def parse_xml(text: str) -> Element | str:
    """The root element, or why there is none, as what goes after `it cannot be read:`."""
    from xml.etree.ElementTree import ParseError, TreeBuilder

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    class Bounded(TreeBuilder):
        depth = count = 0

        def start(self, tag: Any, attrs: Any, /) -> Element:
            self.depth += 1
            self.count += 1
            if self.depth > DEEPEST:
                raise _TooMuch(f"it nests deeper than {DEEPEST} levels")
            if self.count > MOST_ELEMENTS:
                raise _TooMuch(f"it has more than {MOST_ELEMENTS:,} elements")
            return super().start(tag, attrs)

        def end(self, tag: Any, /) -> Element:
            self.depth -= 1
            return super().end(tag)

    if len(text) > MOST_TEXT:
        return "it is too big"
    parser = DefusedXMLParser(target=Bounded(), forbid_dtd=True)
    try:
        # As bytes: their declaration tells the encoding, and may tell one that is not known.
        parser.feed(text.lstrip("\ufeff").encode("utf-8", "surrogateescape"))
        root: Element = parser.close()
    except DefusedXmlException:
        return "it has a DTD or entities"
    except _TooMuch as error:
        return str(error)
    except ParseError as error:
        return f"it is not well-formed XML ({error})"
    except (ValueError, LookupError):
        return "it is not well-formed XML"
    return root


class _TooMuch(Exception):
    pass
