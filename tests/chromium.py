"""A Chromium for the browser tests: the system's, else from apt, else Playwright's own. `python -m tests.chromium`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

MISSING = "no Chromium can be had here; see tests/chromium.py"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> Path | None:
    """The browser that is here now, if any."""
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
    return bundled if bundled.exists() else None


def provide() -> Path | None:
    """Find a browser or bring one; None where no way leads to one."""
    return find() or (_from_apt() and find()) or (_from_playwright() and find()) or None


def _from_apt() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    return _succeeds(["apt-get", "update", "-qq"]) and _succeeds(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"]
    )


def _from_playwright() -> bool:
    return _succeeds([sys.executable, "-m", "playwright", "install", "chromium"])


def _succeeds(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    completed = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False, timeout=600)
    return completed.returncode == 0


if __name__ == "__main__":
    browser = provide()
    sys.stdout.write(f"Chromium: {browser or 'none can be had; browser tests will be skipped'}\n")
