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


class Raced(WholeFiles):
    """Somebody else takes the name right after it was found to be free."""

    raced = False

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        free = super().get_available_name(name, max_length)
        if not self.raced:
            self.raced = True
            Path(self.path(free)).write_bytes(b"somebody else's")
        return free


def test_what_somebody_else_wrote_stays_when_the_disk_is_full(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        Raced(location=tmp_path).save("large.csv", Overflowing())
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"somebody else's"]


def test_two_of_one_name_are_both_kept(tmp_path: Path) -> None:
    name = Raced(location=tmp_path).save("a.csv", ContentFile(b"mine"))
    assert (name != "a.csv", (tmp_path / name).read_bytes()) == (True, b"mine")
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"mine", b"somebody else's"}


def test_a_whole_file_stays(tmp_path: Path) -> None:
    storage = WholeFiles(location=tmp_path)
    name = storage.save("a.csv", ContentFile(b"all of it"))
    assert (tmp_path / name).read_bytes() == b"all of it"
