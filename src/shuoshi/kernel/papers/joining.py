"""PDFs that we made ourselves as one: counted, joined with bookmarks, their pages numbered through. Never strangers' files."""

from __future__ import annotations

import io
from collections.abc import Sequence


def pages(pdf: bytes) -> int:
    from pypdf import PdfReader  # where it is needed: it weighs as much as everything else of a process

    return len(PdfReader(io.BytesIO(pdf)).pages)


def joined(parts: Sequence[tuple[str, bytes]], numbers: bytes, title: str) -> bytes:
    """One PDF of parts with their names. `numbers` has as many pages, and on each what is laid over the page."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for name, pdf in parts:
        writer.append(io.BytesIO(pdf), outline_item=name, import_outline=False)
    laid_over = PdfReader(io.BytesIO(numbers)).pages
    for page, over in zip(writer.pages, laid_over, strict=True):
        page.merge_page(over)
    writer.add_metadata({"/Title": title})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
