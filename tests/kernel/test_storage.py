"""A file that cannot be written to its end is not there."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File

from creditiq.kernel.storage import WholeFiles


class Overflowing(File):
    """The disk is full after the first piece."""

    def __init__(self) -> None:
        super().__init__(None, name="large.csv")

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half of it"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_half_a_file_is_taken_away(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        storage.save("2026/large.csv", Overflowing())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_whole_file_stays(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path)
    name = storage.save("a.csv", ContentFile(b"all of it"))
    assert (tmp_path / name).read_bytes() == b"all of it"
