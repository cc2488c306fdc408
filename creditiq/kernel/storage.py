"""Files on disk: whole or not there."""

from contextlib import suppress
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """What cannot be written to its end, on a full disk say, is taken away again: nobody reads half a file."""

    def save(self, name: str | None, content: "IO[bytes] | File[bytes]", max_length: int | None = None) -> str:
        """Store the content under a name that is free. Raises OSError, and then there is nothing."""
        free = self.get_available_name(name or getattr(content, "name", None) or "", max_length)
        try:
            return super().save(free, content, max_length)
        except OSError:
            with suppress(FileNotFoundError):
                Path(self.path(free)).unlink()
            raise
