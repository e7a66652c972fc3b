"""Where the browser of the tests is, and how it is started."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAUNCH_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_INSTALL = (
    "No Chromium was found. On Debian or Ubuntu: apt-get install chromium fonts-noto-cjk. Elsewhere: "
    ".venv/bin/playwright install chromium, or set CHROMIUM to the path of a Chromium or Chrome."
)


def find_chromium() -> Path | None:
    """The system's browser, or the one that CHROMIUM names, or the one that Playwright installed."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *NAMES)):
        if path := shutil.which(name):
            return Path(path)
    return _playwright_chromium()


def ensure_chromium() -> Path:
    """The browser to start; RuntimeError that says how to install one when there is none."""
    if (path := find_chromium()) is None:
        raise RuntimeError(HOW_TO_INSTALL)
    return path


def _playwright_chromium() -> Path | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    found = [
        *cache.glob("chromium-*/chrome-linux*/chrome"),
        *cache.glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*"),
    ]
    return max(found, default=None)
