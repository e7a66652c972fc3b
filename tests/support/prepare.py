"""`python -m tests.support.prepare`: install what the tests need and pip cannot bring, or say how to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.chromium import HOW_TO_INSTALL, find_chromium
from tests.support.rasa import set_up_rasa

CJK_FONT = "fonts-noto-cjk"


def main() -> int:
    """0 when what the tests cannot do without is there. Without Rasa, only the test that needs it fails."""
    try:
        set_up_rasa()
    except RuntimeError as error:
        print(error, file=sys.stderr)
    return prepare_browser()


def prepare_browser() -> int:
    """0 when a browser and a font for Chinese are there, installing them where that is possible."""
    missing = [
        package
        for package, present in (("chromium", find_chromium() is not None), (CJK_FONT, _has_chinese_font()))
        if not present
    ]
    if missing and _is_root_on_debian():
        _apt_install(missing)
    if find_chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if find_chromium() is None:
        print(HOW_TO_INSTALL, file=sys.stderr)
        return 1
    if not _has_chinese_font():
        print(f"No font for Chinese was found; screenshots will show boxes. Install {CJK_FONT}.", file=sys.stderr)
    return 0


def _has_chinese_font() -> bool:
    if shutil.which("fc-list") is None:
        return sys.platform == "darwin" or any(Path("/usr/share/fonts").glob("**/*CJK*"))
    return bool(subprocess.run(["fc-list", ":lang=zh"], check=True, capture_output=True).stdout.strip())


def _is_root_on_debian() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(packages: list[str]) -> None:
    print(f"Installing {' and '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
