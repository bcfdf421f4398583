"""What an HTML page says about itself: title, author, date."""

from lxml import etree

from pipelines.ingestion.reading.assembling import Facts
from pipelines.ingestion.reading.facts import author_from, date_from, title_from
from pipelines.ingestion.reading.html_visible import text_inside


_DATES = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "revised",
    "article:published_time",
    "datepublished",
    "dcterms.date",
    "dc.date",
    "date",
)
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator")


def facts_of(root: etree._Element) -> Facts:
    """Return the facts of a page: a modification wins over a publication, a `<time>` comes last."""
    metas = _metas(root)
    titles = [text_inside(one) for one in root.iter("title") if next(one.iterancestors("svg"), None) is None]
    times = [one.get("datetime") or text_inside(one) for one in root.iter("time")]
    return Facts(
        title=title_from(metas.get("og:title"), *titles[:1], metas.get("dc.title")),
        author=author_from(_names(metas)),
        date=date_from(*(metas.get(name) for name in _DATES), *times[:1]),
    )


def _names(metas: dict[str, str]) -> list[str | None]:
    """Return the first author that is no address."""
    named = (metas.get(name) for name in _AUTHORS)
    return [next((one for one in named if one and "://" not in one), None)]


def _metas(root: etree._Element) -> dict[str, str]:
    """Return the page's meta elements by name in lower case; the first of a name counts."""
    metas: dict[str, str] = {}
    for found in root.iter("meta"):
        name = found.get("property") or found.get("name") or found.get("itemprop") or found.get("http-equiv") or ""
        metas.setdefault(name.strip().lower(), found.get("content") or "")
    return metas
