"""Our files, opened by libraries that did not write them."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf
import vobject

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}


def squeezed(text: str) -> str:
    """Return a text without its white space: lines break elsewhere in every file."""
    return re.sub(r"[\s\u200b]+", "", text)


# Word


def word_part(content: bytes, name: str = "word/document.xml") -> ET.Element:
    """Return a part of a Word file, read as plain XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return ET.fromstring(file.read(name))  # noqa: S314  (our own file)


def word_paragraphs(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the style and the text of each paragraph."""
    for paragraph in word_part(content).iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        yield name, "".join(_runs(paragraph))


def _runs(paragraph: ET.Element) -> Iterator[str]:
    for node in (part for run in paragraph.iter(f"{W}r") for part in run):
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in {f"{W}br", f"{W}tab"}:
            yield "\n"


def word_text(content: bytes) -> str:
    return "\n".join(text for _, text in word_paragraphs(content))


def word_xml(content: bytes) -> str:
    """Return every part of a Word file, its names and notes included."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return "\n".join(f"{name} {file.read(name).decode()}" for name in file.namelist())


# PDF


def pdf_text(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def pdf_pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def tags(content: bytes) -> list[str]:
    """Return the kinds of all parts of a PDF, in the order they are read."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return list(_tags(pdf.Root.StructTreeRoot))


def _tags(node: Any) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        if "/K" in node:
            yield from _tags(node.K)


def untagged(content: bytes) -> list[str]:
    """Return what is drawn on the pages of a PDF and neither tagged nor marked as decoration."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                name = str(instruction.operator)
                if name in {"BDC", "BMC"}:
                    depth += 1
                elif name == "EMC":
                    depth -= 1
                elif name in _DRAWING and depth == 0:
                    found.append(f"{name} {instruction.operands}")
    return found


# Calendar and address book


def calendar(content: bytes) -> list[Any]:
    """Return the events of a calendar file."""
    (whole,) = vobject.readComponents(content.decode())
    return list(whole.contents.get("vevent", []))


def cards(content: bytes) -> list[Any]:
    return list(vobject.readComponents(content.decode()))


# Everything


def readable(content: bytes, *, but: str = "nothing") -> dict[str, str]:
    """Return all that a curious person can read in a zip file, file by file."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        found = {"": f"{whole.comment.decode()} {' '.join(whole.namelist())}"}
        for name in (each for each in whole.namelist() if not each.endswith(but)):
            found[name] = _readable(name, whole.read(name))
    return found


def _readable(name: str, content: bytes) -> str:
    if name.endswith(".docx"):
        return f"{word_text(content)} {word_xml(content)}"
    if name.endswith(".pdf"):
        about = pypdf.PdfReader(io.BytesIO(content))
        titles = " ".join(str(each) for each in (about.metadata or {}).values())
        return f"{pdf_text(content)} {titles} {about.xmp_metadata}"
    text = content.decode()
    return text.replace("\r\n ", "") if name.endswith((".ics", ".vcf")) else text


def pdf_files(content: bytes) -> list[bytes]:
    """Return the PDF files in a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        return [whole.read(name) for name in whole.namelist() if name.endswith(".pdf")]
