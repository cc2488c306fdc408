"""Papers that people upload: a PDF or a picture, by what it begins with, and not large."""

from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile

from creditiq.kernel.errors import InvalidInput

MOST_BYTES = 5 * 2**20
KINDS = {".pdf": b"%PDF-", ".png": b"\x89PNG", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}


def suffix_of(paper: "UploadedFile[bytes]") -> str:
    """The ending of its name, with the dot, in small letters."""
    return "." + str(paper.name or "").lower().rpartition(".")[2]


def refuse_paper(paper: "UploadedFile[bytes]", *, field: str) -> None:
    """Raise InvalidInput unless it is a PDF, PNG or JPEG of at most 5 MB."""
    begins = paper.read(8)
    paper.seek(0)
    suffix = suffix_of(paper)
    if suffix not in KINDS or not begins.startswith(KINDS[suffix]):
        raise InvalidInput("Upload a PDF, PNG or JPEG.", field=field, rule=f"{field}.kind")
    if (paper.size or 0) > MOST_BYTES:
        raise InvalidInput("The file is larger than 5 MB.", field=field, rule=f"{field}.size")


def digest_of_paper(paper: "UploadedFile[bytes]") -> str:
    """SHA-256 of its bytes."""
    hashed = sha256()
    for chunk in paper.chunks():
        hashed.update(chunk)
    paper.seek(0)
    return hashed.hexdigest()
