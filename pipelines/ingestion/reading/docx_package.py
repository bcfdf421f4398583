"""Opens the zip archive of a Word document, after it was found to be within the limits."""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError, PackageNotFoundError
from lxml import etree

from pipelines.domain.reading import ParseLimits, Rejected
from pipelines.ingestion.reading.bounds import too_deep, too_expanded


DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OpcError,
    PackageNotFoundError,
    RuntimeError,
    TypeError,
    ValueError,
    etree.LxmlError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What python-docx, lxml and zipfile raise for damaged files."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/", b"http://schemas.openxmlformats.org/wordprocessingml/2006/"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_MAIN = "word/document.xml"
_DECLARES = "it declares entities, which no Word document does"
_DEEPEST_XML = 256
"""Where libxml2 stops."""


@dataclass(frozen=True, slots=True)
class Package:
    """
    The parts of a document that are read.

    Attributes:
        body: `w:body`.
        styles: `w:styles`; None without.
        numbering: `w:numbering`; None without.
        notes: roots of the footnotes and endnotes.
        core: the core properties; None without.
        addresses: relationship id -> address of an external link.

    """

    body: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    notes: tuple[etree._Element, ...]
    core: etree._Element | None
    addresses: dict[str, str]


def open_package(data: bytes, limits: ParseLimits) -> Package | Rejected:
    """Return the parts of a document, or why it cannot be opened."""
    try:
        checked = _checked(data, limits)
        return checked if isinstance(checked, Rejected) else _opened(checked, limits)
    except DAMAGED as error:
        if "xcessive depth" in str(error):
            return too_deep(_DEEPEST_XML, limits) or Rejected(f"its elements are nested more than {_DEEPEST_XML} deep")
        return Rejected(f"the file is damaged ({type(error).__name__})")


def _checked(data: bytes, limits: ParseLimits) -> bytes | Rejected:
    """Return the archive, strict markup turned into transitional; rejected before anything large is unpacked."""
    if data.startswith(_OLE):
        return Rejected("it is encrypted or an old .doc file: save it as .docx without a password")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return Rejected("it is no Word document: it is not a zip archive, or it was cut off")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if refused := _refused(archive, len(data), limits):
            return refused
        main = archive.read(_MAIN) if _MAIN in archive.namelist() else b""
        if b"<!DOCTYPE" in main:
            return Rejected(_DECLARES)
        return _as_transitional(archive) if _STRICT in main else data


def _refused(archive: zipfile.ZipFile, size: int, limits: ParseLimits) -> Rejected | None:
    """Return why an archive is not unpacked, by its directory alone."""
    members = archive.infolist()
    if beyond := too_expanded(sum(member.file_size for member in members), size, limits):
        return beyond
    if any(member.flag_bits & 1 for member in members):
        return Rejected("it is encrypted: a password is needed")
    if "[Content_Types].xml" not in archive.namelist():
        return Rejected("it is a zip archive, but no Word document")
    return None


def _as_transitional(archive: zipfile.ZipFile) -> bytes:
    """Return the archive with the namespaces of the transitional standard, the only ones that python-docx knows."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as other:
        for name in dict.fromkeys(archive.namelist()):
            content = archive.read(name)
            if name.endswith((".xml", ".rels")):
                for strict, transitional in _TRANSITIONAL:
                    content = content.replace(strict, transitional)
            other.writestr(name, content)
    return written.getvalue()


def _opened(data: bytes, limits: ParseLimits) -> Package | Rejected:
    part = docx.Document(io.BytesIO(data)).part
    body = part.element.body
    if body.getroottree().docinfo.internalDTD is not None:
        return Rejected(_DECLARES)
    if beyond := too_deep(_depth(body), limits):
        return beyond
    related = {one.reltype: one for one in part.rels.values() if not one.is_external}

    def root(kind: str) -> etree._Element | None:
        return _root(related[kind].target_part) if kind in related else None

    notes = (root(RELATIONSHIP_TYPE.FOOTNOTES), root(RELATIONSHIP_TYPE.ENDNOTES))
    core = [one for one in part.package.rels.values() if one.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]
    return Package(
        body=body,
        styles=root(RELATIONSHIP_TYPE.STYLES),
        numbering=root(RELATIONSHIP_TYPE.NUMBERING),
        notes=tuple(one for one in notes if one is not None),
        core=_root(core[0].target_part) if core else None,
        addresses={one.rId: one.target_ref for one in part.rels.values() if one.is_external},
    )


def _root(part: object) -> etree._Element:
    """Return the root element of a part, whether python-docx knows its kind or not."""
    element = getattr(part, "element", None)
    if isinstance(element, etree._Element):  # noqa: SLF001 - lxml has no public name for it
        return element
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(getattr(part, "blob"), parser)  # noqa: B009 - untyped part


def _depth(body: etree._Element) -> int:
    depth = deepest = 2  # w:document and w:body
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest - 1
