"""deploy/witness/docker-compose.yml is held against the program: a command that it has, and nothing of the service."""

import re

import typer.main
import yaml

from runtime.settings import PROJECT
from runtime.witness_cli import witness_app

FOLDER = PROJECT / "deploy" / "witness"
TEXT = (FOLDER / "docker-compose.yml").read_text()
(SERVICE,) = yaml.safe_load(TEXT)["services"].values()


def test_its_command_is_one_that_the_witness_has() -> None:
    assert SERVICE["entrypoint"] == ["python", "-m", "runtime.witness_cli"]
    name, *words = SERVICE["command"]
    command = typer.main.get_command(witness_app).commands[name]  # type: ignore[attr-defined]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
    for name in re.findall(r"run --rm witness (\w+)", TEXT):
        assert name in typer.main.get_command(witness_app).commands  # type: ignore[attr-defined]


def test_it_knows_nothing_of_the_service_but_the_address_of_its_log() -> None:
    assert "environment" not in SERVICE and "secrets" not in SERVICE and "depends_on" not in SERVICE
    asked = set(re.findall(r"\$\{(\w+)", TEXT))
    offered = set(re.findall(r"^(\w+)=", (FOLDER / "example.env").read_text(), re.MULTILINE))
    assert asked == offered == {"LOG_ADDRESS"}


def test_it_is_locked_in_restarted_watched_and_reached_on_loopback_only() -> None:
    assert SERVICE["restart"] == "unless-stopped" and SERVICE["read_only"] and SERVICE["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICE["ports"])
    port = SERVICE["ports"][0].rpartition(":")[2]
    assert f"127.0.0.1:{port}/healthz" in SERVICE["healthcheck"]["test"][-1] and port in SERVICE["command"]


def test_its_memory_is_a_volume_that_the_image_gives_to_its_user() -> None:
    (mount,) = SERVICE["volumes"]
    volume, folder = mount.split(":")
    assert volume in yaml.safe_load(TEXT)["volumes"] and folder in SERVICE["command"]
    assert folder in (PROJECT / "Dockerfile").read_text()


def test_witness_is_in_no_compose_file_of_the_service() -> None:
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert not [name for name, service in services.items() if "witness" in str(service.get("command", ""))]
