"""Find a Chromium to look through, or install one: `python tests/browser/chromium.py`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_A_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from ON_A_MAC
    yield _playwrights_own()


def _answers(*command: str) -> bool:
    """Tell whether it runs: some systems put a note of refusal where the browser should be."""
    try:
        subprocess.run([*command, "--version"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def installed() -> str | None:
    """Return the path of a Chromium or Chrome that runs, or None if we could not drive it."""
    if not _answers(sys.executable, "-m", "playwright"):
        return None
    return next(filter(_answers, _candidates()), None)


def _install_debians() -> None:
    apt_get = shutil.which("apt-get")
    if apt_get is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ("chromium", "fonts-liberation", "libatomic1")  # the last for Playwright's driver
    for words in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([apt_get, "-qq", *words], env=environment, check=False)


def _install_playwrights() -> None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def install() -> str | None:
    """Install a Chromium in one of the ways open to this person, and return its path."""
    for attempt in (_install_debians, _install_playwrights):
        attempt()
        if path := installed():
            return path
    return None


def main() -> int:
    """Print the path of a Chromium that runs."""
    path = installed() or install()
    if path is None:
        print("no Chromium, and none could be installed: install Chromium or Chrome and try again")
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
