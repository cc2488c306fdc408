"""Files on disk: whole or not there."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """What cannot be written to its end, on a full disk say, is taken away again: nobody reads half a file."""

    def _save(self, name: str, content: "File[bytes] | File[str] | Iterable[bytes]") -> str:
        path = Path(self.path(name))
        known = path.exists()
        try:
            return super()._save(name, content)
        except OSError:
            if not known:
                with suppress(FileNotFoundError):
                    path.unlink()
            raise
