"""What an operator copies is true: compose file, image and .env.example name real commands, settings and files."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from core.settings import Settings
from parley.cli import main

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARLEY_SERVICES = ("migrate", "console", "bot", "worker")
SETTINGS = {f"PARLEY_{name.upper()}" for name in Settings.model_fields}


def command_exists(words: list[str]) -> bool:
    """Whether `parley` followed by these words is a command, its last words being arguments of the right shape."""
    command: click.Command = main
    while isinstance(command, click.Group) and words:
        found = command.commands.get(words[0])
        if found is None:
            return False
        command, words = found, words[1:]
    try:
        command.make_context("parley", list(words), resilient_parsing=False)
    except click.UsageError:
        return False
    return not isinstance(command, click.Group)


@pytest.mark.parametrize("service", PARLEY_SERVICES)
def test_each_service_runs_a_real_command(service):
    assert COMPOSE["services"][service]["command"][0] == "parley"
    assert command_exists(COMPOSE["services"][service]["command"][1:])


def test_a_command_that_does_not_exist_is_noticed():
    assert not command_exists(["serve", "coffee"])


@pytest.mark.parametrize("service", PARLEY_SERVICES)
def test_each_service_is_given_only_settings_that_exist(service):
    given = {name for name in COMPOSE["services"][service]["environment"] if name.startswith("PARLEY_")}
    assert given <= SETTINGS


@pytest.mark.parametrize("service", ["console", "bot"])
def test_each_service_that_listens_is_watched(service):
    assert "/healthz" in " ".join(COMPOSE["services"][service]["healthcheck"]["test"])


@pytest.mark.parametrize("service", ["console", "bot", "worker"])
def test_nothing_serves_before_the_schema_is_there(service):
    assert COMPOSE["services"][service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_the_example_environment_names_every_setting_and_no_other():
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {match[1] for line in lines if (match := re.match(r"#? ?(PARLEY_\w+)=", line))}
    assert named == SETTINGS


@pytest.mark.parametrize("file", ["Dockerfile", "nlu/rasa/Dockerfile"])
def test_the_image_copies_only_files_that_exist(file):
    dockerfile = (ROOT / file).read_text()
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE)
        for word in shlex.split(line)[:-1]
    ]
    assert copied
    assert [word for word in copied if not (ROOT / word).exists()] == []


@pytest.mark.parametrize("file", ["Dockerfile", "nlu/rasa/Dockerfile"])
def test_the_image_does_not_run_as_root(file):
    users = re.findall(r"^USER (\S+)", (ROOT / file).read_text(), re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


def test_rasa_is_started_only_where_it_is_wanted():
    rasa = COMPOSE["services"]["rasa"]
    assert rasa["profiles"] == ["rasa"]
    assert (ROOT / rasa["build"]["dockerfile"]).exists()
    assert "ports" not in rasa


def test_the_processes_share_the_files_that_debtors_send_and_the_models_that_the_worker_trains():
    bot, console, worker = (COMPOSE["services"][name]["volumes"] for name in ("bot", "console", "worker"))
    assert bot == console == worker == ["attachments:/var/lib/parley/attachments", "models:/var/lib/parley/models"]
    assert {"attachments", "models"} <= COMPOSE["volumes"].keys()
    assert "PARLEY_DATA_DIR=/var/lib/parley" in (ROOT / "Dockerfile").read_text()
