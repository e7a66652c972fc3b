"""What the tests need is found, installed where that is possible, or asked for in words."""

import subprocess
from types import SimpleNamespace

import pytest

from tests.support import chromium, prepare, rasa


@pytest.fixture
def no_browser(monkeypatch, tmp_path):
    """A machine without a browser; `commands` collects what would be run on it."""
    commands: list[list[str]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    def run(command, **_):
        commands.append(command)
        return SimpleNamespace(stdout=b"")

    monkeypatch.setattr(subprocess, "run", run)
    return SimpleNamespace(commands=commands, path=tmp_path)


def test_a_missing_browser_says_how_to_install_one(no_browser):
    with pytest.raises(RuntimeError, match="apt-get install chromium fonts-noto-cjk"):
        chromium.ensure_chromium()


def test_root_on_debian_installs_the_browser_after_an_update(no_browser, monkeypatch, capsys):
    monkeypatch.setattr(prepare, "_is_root_on_debian", lambda: True)
    assert prepare.prepare_browser() == 1
    update, install, playwright = no_browser.commands
    assert update[:2] == ["apt-get", "update"]
    assert "chromium" in install
    assert playwright[-2:] == ["install", "chromium"]
    assert chromium.HOW_TO_INSTALL in capsys.readouterr().err


def test_elsewhere_playwright_is_asked_and_its_browser_is_found(no_browser, monkeypatch):
    monkeypatch.setattr(prepare, "_is_root_on_debian", lambda: False)
    browser = no_browser.path / "chromium-1200" / "chrome-linux64" / "chrome"
    browser.parent.mkdir(parents=True)
    browser.touch()
    assert chromium.ensure_chromium() == browser
    assert prepare.prepare_browser() == 0
    assert no_browser.commands == []


def test_without_rasa_the_rest_is_prepared_all_the_same(monkeypatch, tmp_path, capsys):
    script = tmp_path / "rasa"
    script.write_text("#!/bin/sh\necho 'No Python 3.10 was found.' >&2\nexit 1\n")
    script.chmod(0o700)
    monkeypatch.setattr(rasa, "SCRIPT", script)
    monkeypatch.setattr(prepare, "prepare_browser", lambda: 0)
    assert prepare.main() == 0
    assert "No Python 3.10 was found." in capsys.readouterr().err
