"""Which files are taken as papers of an application: known by their first bytes, never by their name."""

MOST_BYTES = 5 * 1024 * 1024
_KINDS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
"""What makes a PDF do something when it is opened."""


class UnsafePaper(ValueError):
    """The file is empty, too large, of another kind, or does something when it is opened."""


def media_type_of(content: bytes) -> str:
    """The kind of a paper that is safe to keep and to show. Raises UnsafePaper saying what to do instead.

    >>> media_type_of(b"%PDF-1.7 ...")
    'application/pdf'
    """
    if not content:
        raise UnsafePaper("This file is empty. Choose another one.")
    if len(content) > MOST_BYTES:
        raise UnsafePaper("This file is larger than 5 MB. Scan it at a lower resolution and try again.")
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), None)
    if kind is None:
        raise UnsafePaper("Give a PDF, a PNG or a JPEG.")
    if kind == "application/pdf" and any(mark in content for mark in _ACTIVE):
        raise UnsafePaper("This PDF holds scripts or attachments. Print it to a new PDF and try again.")
    return kind
