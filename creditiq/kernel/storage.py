"""Files on disk: whole or not there."""

import os
import uuid
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """What cannot be written to its end, on a full disk say, is taken away again: nobody reads half a file."""

    def save(self, name: str | None, content: "IO[bytes] | File[bytes]", max_length: int | None = None) -> str:
        """Store the content under a name that is free. Raises OSError, and then there is nothing.

        The name is taken first, by creating it; the content is written beside it and put there when it is whole. Only
        what this call itself created is taken away, also when two of the same name come at once.
        """
        taken = self._taken(name or getattr(content, "name", None) or "", max_length)
        beside = str(Path(taken).with_name(f"{uuid.uuid4().hex}.part"))
        try:
            Path(self.path(super().save(beside, content))).replace(self.path(taken))
        except BaseException:
            for made in (beside, taken):
                Path(self.path(made)).unlink(missing_ok=True)
            raise
        return taken

    def _taken(self, name: str, max_length: int | None) -> str:
        """A free name that is now ours: an empty file."""
        while True:
            free = self.get_available_name(name, max_length)
            path = Path(self.path(free))
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            except FileExistsError:
                continue
            return free.replace("\\", "/")
