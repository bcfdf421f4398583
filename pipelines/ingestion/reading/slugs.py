"""The anchors that GitHub gives to headings of Markdown files."""

import unicodedata


class Slugs:
    """Makes the slugs of one document, in order; a repeated one gets -1, -2 and so on."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def slug(self, heading: str) -> str:
        """
        Return the slug of a heading's text without markup; "" when it has no letter or digit.

        Letters, marks, numbers, connectors, hyphens and spaces stay, in lower case, and
        spaces become hyphens (html-pipeline's TableOfContentsFilter; duplicates as in
        github-slugger).
        """
        base = "".join(char for char in heading.strip().lower() if char in "- " or _is_word(char)).replace(" ", "-")
        slug = base
        while slug in self._seen:
            self._seen[base] += 1
            slug = f"{base}-{self._seen[base]}"
        self._seen[slug] = 0
        return slug


def _is_word(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LMN" or category == "Pc"
