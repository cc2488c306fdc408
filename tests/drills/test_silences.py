"""A database that is frozen, dropped or flapping, and a disk that is full (reliability.md §3)."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.drills.test_faults import STORED, Rounds, payment, references, send
from tests.journeys.callers import Caller, eventually

pytestmark = pytest.mark.integration
SLOWEST_503, BACK_WITHIN = 5.5, 5.0
LINES = 60_000


@contextmanager
def frozen(house: House) -> Iterator[None]:
    """As behind a hole in the network: what is sent arrives, nothing ever comes back."""
    parent = psutil.Process(int((house.services.pgdata / "postmaster.pid").read_text().splitlines()[0]))
    everybody = [parent, *parent.children(recursive=True)]
    for process in everybody:
        process.suspend()
    try:
        yield
    finally:
        for process in reversed(everybody):
            if process.is_running():
                process.resume()


def ask(caller: Caller) -> tuple[int, float]:
    """A read that needs the database: its status and seconds."""
    started = time.monotonic()
    return caller.get("auth/me").status_code, time.monotonic() - started


@pytest.mark.goal("503 within 5 s, first success within 5 s")
def test_a_blackholed_database_is_a_503_and_comes_back(house: House, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin, name = priya.business()["gstin"], references(1)[0]
    with frozen(house):
        answers = [ask(priya) for _ in range(4)]
    back = time.monotonic()
    eventually(lambda: ask(priya)[0], lambda status: status == 200)
    first = time.monotonic() - back
    assert {status for status, _ in answers} == {503}
    slowest = max(seconds for _, seconds in answers)
    assert send(priya, gstin, payment(name)).status_code == 200
    assert house.ask(STORED, [name])[0] == (1, 1)
    house.settled()
    tell(answers=len(answers), slowest_503=round(slowest, 1), first_success_seconds=round(first, 1))
    assert slowest <= SLOWEST_503
    assert first <= BACK_WITHIN


@pytest.mark.goal("what was accepted is stored once, 200 or 503 and nothing else")
def test_a_flapping_database_loses_nothing_that_was_accepted(house: House, rounds: Rounds, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin, names, accepted, refused = priya.business()["gstin"], references(rounds(30)), [], 0
    for place, name in enumerate(names):
        if place % 3 == 0:
            house.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = 'creditiq' AND pid <> pg_backend_pid()"
            )
        status = send(priya, gstin, payment(name)).status_code
        if status == 200:
            accepted.append(name)
        refused += status == 503
    for _ in range(rounds(5)):
        with frozen(house):
            time.sleep(0.5)
        time.sleep(0.3)
    eventually(lambda: ask(priya)[0], lambda status: status == 200)
    house.settled()
    stored, trail = house.ask(STORED, accepted)[0], house.trail_holds()
    tell(sent=len(names), accepted=len(accepted), refused_503=refused, stored=stored[0], trail=trail)
    assert len(accepted) + refused == len(names)
    assert stored == (len(accepted), len(accepted))
    assert trail


def tool(name: str) -> str:
    """A program of the system by its whole path; the name where there is none, which then fails."""
    return shutil.which(name) or name


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """The folder's content on a file system of its own that is nearly full. Needs the right to mount."""
    kept = folder.with_name(f"{folder.name}.kept")
    shutil.copytree(folder, kept)
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    options = f"size={size // 2**20 + megabytes}m"
    subprocess.run([tool("mount"), "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        subprocess.run([tool("umount"), "--lazy", str(folder)], check=True, capture_output=True)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        shutil.rmtree(kept)


def may_mount() -> bool:
    """Whether this machine lets the drill make a small disk."""
    probe = subprocess.run([tool("unshare"), "--mount", tool("true")], check=False, capture_output=True)
    return probe.returncode == 0


@pytest.mark.goal("507 or 503, nothing listed, no half file, others go on, recovers")
def test_a_full_disk_takes_no_file_and_tells_so(house: House, tell: Tell) -> None:
    if not may_mount():
        tell(not_done="this machine lets nobody mount a small disk")
        return
    priya = Caller(house.product.address, "priya")
    gstin, uploads = priya.business()["gstin"], house.product.var / "uploads"
    uploads.mkdir(exist_ok=True)
    header = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa\n"
    content = (header + "".join(f"{name},x,in,1,P2M,success,a@b,c@d\n" for name in references(LINES))).encode()
    form = {"kind": "upi_payments", "mode": "valid_lines", "gstin": gstin}

    def upload() -> int:
        files = {"file": ("large.csv", content)}
        return priya.session.post(f"{priya.base}/evidence/uploads", files=files, data=form, timeout=60).status_code

    before = house.count("SELECT count(*) FROM wallets_upload")
    with small_disk(uploads, megabytes=1):
        kept = {path: path.stat().st_size for path in uploads.rglob("*") if path.is_file()}
        answers = [upload() for _ in range(2)]
        listed = house.count("SELECT count(*) FROM wallets_upload") - before
        left = {path: path.stat().st_size for path in uploads.rglob("*") if path.is_file()}
        reads = priya.get("businesses").status_code
        writes = send(priya, gstin, payment(references(1)[0])).status_code
    after = upload()
    tell(full=answers, listed=listed, files_left=len(left) - len(kept), reads=reads, writes=writes, with_room=after)
    assert set(answers) <= {503, 507}
    assert (listed, reads, writes) == (0, 200, 200)
    assert after in {200, 202}
    assert left == kept
