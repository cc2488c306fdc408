import json
from pathlib import Path

import pytest

from scoring.engine import artefacts


def test_files_come_back_with_the_digest_of_their_manifest(tmp_path: Path) -> None:
    packed = artefacts.pack({"a.json": b'{"x":1}', "b.ubj": b"\x00"})
    artefacts.write(packed, tmp_path)
    assert artefacts.read(tmp_path) == packed
    assert artefacts.read(tmp_path).document("a.json") == {"x": 1}


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    artefacts.write(artefacts.pack({"a.json": b"{}"}), tmp_path)
    (tmp_path / "a.json").write_bytes(b"{ }")
    with pytest.raises(artefacts.BrokenArtefacts, match=r"a\.json"):
        artefacts.read(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    artefacts.write(artefacts.pack({"a.json": b"{}"}), tmp_path)
    (tmp_path / "a.json").unlink()
    with pytest.raises(artefacts.BrokenArtefacts, match="missing"):
        artefacts.read(tmp_path)


def test_the_digest_depends_on_every_byte() -> None:
    assert artefacts.pack({"a": b"1"}).digest != artefacts.pack({"a": b"2"}).digest


def test_a_document_that_is_no_object_is_refused() -> None:
    packed = artefacts.pack({"a.json": json.dumps([1]).encode()})
    with pytest.raises(artefacts.BrokenArtefacts):
        packed.document("a.json")
