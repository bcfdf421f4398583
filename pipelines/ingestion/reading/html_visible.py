"""Which part of a page is its content, and which elements nobody sees or nobody wrote as content."""

import re

from lxml import etree


_UNSEEN = re.compile(
    r"script|style|template|noscript|head|nav|iframe|object|embed|canvas|audio|video|svg|map|select|datalist|option"
    r"|textarea|button|dialog|input|progress|meter"
)
_UNSEEN_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "tooltip"})
_UNSEEN_CLASS = re.compile(
    r"(?<!\S)(?:breadcrumbs?|headerlink|mw-editsection|mw-jump-link|noprint|skip-link|sr-only|visually-hidden)(?!\S)"
)
_HIDDEN_STYLE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_CONTENT = ("main", "article", "section")


def name_of(element: etree._Element) -> str:
    """Return the element's name in lower case; "" for what is no element."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_unseen(element: etree._Element) -> bool:
    """Whether an element is hidden, or navigation, or another part that belongs to the site."""
    name = name_of(element)
    if not name or _UNSEEN.fullmatch(name) or element.get("role", "") in _UNSEEN_ROLES:
        return True
    if "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style", "")) or _UNSEEN_CLASS.search(element.get("class", "")):
        return True
    return name in ("header", "footer", "aside") and _belongs_to_site(element, name)


def text_inside(element: etree._Element) -> str:
    """Return all text inside an element, visible or not."""
    return "".join(str(piece) for piece in element.itertext())


def content_of(root: etree._Element) -> etree._Element:
    """Return the element with the page's content: a main, the only article of some weight, or the body."""
    for found in root.iter():
        is_main = name_of(found) == "main" or (name_of(found) and found.get("role") == "main")
        if is_main and _letters(found) and not is_unseen(found):
            return found
    body = next(root.iter("body"), root)
    articles = [one for one in root.iter("article") if next(one.iterancestors("article"), None) is None]
    if len(articles) == 1 and 2 * _letters(articles[0]) >= _letters(body):
        return articles[0]
    return body


def _belongs_to_site(element: etree._Element, name: str) -> bool:
    """Whether a header, footer or aside stands outside of the content; a header with the page's title does not."""
    if any(name_of(above) in _CONTENT for above in element.iterancestors()):
        return False
    return name != "header" or element.find(".//h1") is None


def _letters(element: etree._Element) -> int:
    """Return how many characters of visible text an element holds."""
    if is_unseen(element):
        return 0
    count = len((element.text or "").strip())
    return count + sum(_letters(child) + len((child.tail or "").strip()) for child in element)
