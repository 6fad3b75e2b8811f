"""docker-compose.yml is held against the program: the same processes, settings, roles and search attributes."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.cli import PANELS
from runtime.embedded import DATABASES, ROLES, SEARCH_ATTRIBUTES
from runtime.probe import PROBES
from runtime.settings import PROJECT, Settings
from runtime.up import PROCESSES

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
ONE_SHOT = {"migrate", "temporal-schema", "temporal-namespace"}
# The setting that says where secrets are is read before the settings themselves.
READ_BEFORE = {"secrets"}
# Places of secrets, a volume, and what everybody may know: three addresses and the public half of a key.
NO_SECRETS = (
    "/run/secrets",
    "/srv/log-signer",
    "${INVESTITURE_PUBLIC_URL",
    "${INVESTITURE_WITNESS_",
    "${INVESTITURE_SMTP_URL",
)


def test_each_process_has_exactly_one_container() -> None:
    commands = sorted(service["command"][0] for service in OURS.values())
    assert commands == sorted([*PROCESSES, "migrate"])
    assert all(service["command"] == [name] for name, service in OURS.items())


def test_each_container_runs_a_command_of_the_program() -> None:
    assert {service["command"][0] for service in OURS.values()} <= set(PANELS)


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_a_setting(name: str) -> None:
    variables = {variable.removeprefix("INVESTITURE_").lower() for variable in OURS[name]["environment"]}
    assert variables <= set(Settings.model_fields) | READ_BEFORE


def test_every_investiture_secret_is_a_setting_and_is_read_from_its_file(tmp_path: Path) -> None:
    named = {name for name in COMPOSE["secrets"] if name.startswith("investiture_")}
    assert {name.removeprefix("investiture_") for name in named} <= set(Settings.model_fields)
    for name in named:
        (tmp_path / name).write_text(f"postgresql://{name}@keeper/db")
    settings = Settings(_secrets_dir=tmp_path)
    for name in named:
        assert getattr(settings, name.removeprefix("investiture_")) == f"postgresql://{name}@keeper/db"


def test_variables_of_the_example_are_those_that_compose_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (PROJECT / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^(\w+)=", (PROJECT / "deploy" / "example.env").read_text(), re.MULTILINE))
    assert asked == offered


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_restarted_and_watched(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["restart"].startswith("on-failure")
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_health_of_a_process_is_asked_by_its_own_probe(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "runtime.probe", name]
    assert set(PROBES) == set(PROCESSES)


def test_secrets_are_files_and_nowhere_in_plain_text() -> None:
    assert all(secret == {"file": f"./secrets/{name}"} for name, secret in COMPOSE["secrets"].items())
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            secret_like = re.search(r"PASSWORD|PWD|SECRET|TOKEN|KEY|_URL$", variable) is not None
            assert not secret_like or value.startswith(NO_SECRETS)


def test_every_secret_is_written_by_the_script_that_writes_secrets() -> None:
    script = (PROJECT / "deploy" / "write-secrets.sh").read_text()
    assert set(re.findall(r"^keep (\w+) ", script, re.MULTILINE)) == set(COMPOSE["secrets"])


def test_only_migrations_know_the_owner() -> None:
    knowing = {name for name, service in OURS.items() if "investiture_database_owner_url" in service["secrets"]}
    assert knowing == {"migrate"}


def test_named_volumes_are_those_declared_and_mounted_files_exist() -> None:
    sources = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert {source for source in sources if not source.startswith(".")} == set(COMPOSE["volumes"])
    assert all((PROJECT / source).is_file() for source in sources if source.startswith("."))


def test_only_loopback_ports_are_published() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_containers_create_the_roles_and_databases_of_the_embedded_installation() -> None:
    scripts = "".join(path.read_text() for path in (PROJECT / "deploy").glob("create-*.sh"))
    assert set(re.findall(r"CREATE ROLE (investiture\w*)", scripts)) == set(ROLES)
    assert dict(re.findall(r"CREATE DATABASE (investiture\w*) OWNER (\w+)", scripts)) == DATABASES


def test_containers_register_the_search_attributes_of_the_embedded_installation() -> None:
    script = (PROJECT / "deploy" / "temporal-namespace.sh").read_text()
    assert dict(re.findall(r"^attribute (\w+) (\w+)$", script, re.MULTILINE)) == SEARCH_ATTRIBUTES


def test_image_installs_pinned_packages_with_their_hashes_and_does_not_run_as_root() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert "--require-hashes" in dockerfile
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-runtime.lock", "requirements-bench.lock"])
def test_pins_carry_hashes_and_name_no_place(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    pins = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"://|file:|--index|--find-links", text)
