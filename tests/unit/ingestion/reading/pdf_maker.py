"""Writes small PDF files by hand, so that a test says what stands where on a page. No product code reads this."""

from collections.abc import Sequence
from dataclasses import dataclass, field


WIDTH, HEIGHT = 595, 842
_FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "mono": "Courier"}


@dataclass
class PdfPage:
    """
    One page of A4.

    Attributes:
        rotation: 0, or 90 for a page that is shown sideways, with its text upright for the reader.

    """

    rotation: int = 0
    _content: list[str] = field(default_factory=list)
    links: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, size: float = 11, font: str = "plain") -> "PdfPage":
        """Write one line; `y` counts from the bottom."""
        shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        matrix = f"0 1 -1 0 {WIDTH - y} {x}" if self.rotation else f"1 0 0 1 {x} {y}"
        self._content.append(f"BT /{font} {size} Tf {matrix} Tm ({shown}) Tj ET")
        return self

    def lines(self, y: float, lines: Sequence[str], *, x: float = 72, size: float = 11) -> "PdfPage":
        """Write lines below each other."""
        for number, line in enumerate(lines):
            self.text(x, y - 1.25 * size * number, line, size=size)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "PdfPage":
        """Draw a thin line."""
        self._content.append(f"0.5 w {x0} {y0} m {x1} {y1} l S")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> "PdfPage":
        """Draw the lines of a table."""
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def link(self, box: tuple[float, float, float, float], address: str) -> "PdfPage":
        """Let a part of the page open an address."""
        self.links.append((box, address))
        return self

    @property
    def content(self) -> bytes:
        """Its drawing commands."""
        return "\n".join(self._content).encode("latin-1")


def pdf_of(*pages: PdfPage, info: dict[str, str] | None = None, locked: bool = False) -> bytes:
    """Return a file with these pages; `locked` needs a password that nobody knows."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    fonts = []
    for name, base in _FONTS.items():
        objects.append(f"<</Type/Font/Subtype/Type1/BaseFont/{base}/Encoding/WinAnsiEncoding>>".encode())
        fonts.append(f"/{name} {len(objects)} 0 R")
    kids = []
    for page in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(page.content), page.content))
        content = len(objects)
        notes = []
        for box, address in page.links:
            place = " ".join(map(str, box))
            objects.append(f"<</Type/Annot/Subtype/Link/Rect[{place}]/A<</S/URI/URI({address})>>>>".encode())
            notes.append(f"{len(objects)} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Rotate {page.rotation}/Contents {content} 0 R"
            f"/Resources<</Font<<{' '.join(fonts)}>>>>/Annots[{' '.join(notes)}]>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return _written(objects, info or {}, locked=locked)


def _written(objects: list[bytes], info: dict[str, str], *, locked: bool) -> bytes:
    """Return the objects as a file with its table of places."""
    entries = " ".join(f"/{name}({value})" for name, value in info.items())
    objects.append(f"<<{entries}>>".encode("latin-1"))
    trailer = f"/Root 1 0 R/Info {len(objects)} 0 R"
    if locked:
        objects.append(f"<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>".encode())
        trailer += f"/Encrypt {len(objects)} 0 R/ID[<{'43' * 16}><{'43' * 16}>]"
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer.encode(), start)
    return bytes(written)
