"""Every setting of every process, read once from the environment; nothing else reads it."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of one installation.

    Each is read from `INVESTITURE_<NAME>`, or from a file of that name (in lower case) in the
    folder that `INVESTITURE_SECRETS` points to, which is how containers receive secrets.
    """

    model_config = SettingsConfigDict(env_prefix="INVESTITURE_", extra="ignore", frozen=True)

    mode: Literal["embedded", "server"] = Field(
        "server", description="embedded: `investiture up` runs the database, the engine and a local issuer"
    )
    data: Path = Field(Path("data"), description="folder of the embedded installation and of keys")
    host: str = Field("127.0.0.1", description="address the API listens on")
    port: int = Field(8080, description="port the API listens on")
    public_url: str = Field("http://127.0.0.1:8080", description="address under which the public reaches the service")
    trusted_proxies: str = Field(
        "", description="addresses of proxies in front, with commas; their X-Forwarded-For is believed for daily limits"
    )

    open_data_licence: str = Field(
        "https://creativecommons.org/publicdomain/zero/1.0/",
        description="address of the terms on which the open data may be used",
    )

    database_url: str = Field(
        "postgresql://investiture_app@127.0.0.1/investiture",
        description="the log and the read models, as the application's role",
    )
    database_owner_url: str = Field(
        "postgresql://investiture@127.0.0.1/investiture",
        description="the same database as its owner; only `migrate` uses it",
    )
    keys_url: str = Field(
        "postgresql://investiture_keys@127.0.0.1/investiture_keys",
        description="the key store: another database, kept out of the log's backups",
    )
    master_key_file: Path = Field(
        Path("data/master.key"), description="32 random bytes, base64; wraps the keys of the key store"
    )

    master_key_command: str | None = Field(
        None, description="program of a KMS that opens the master key's file (`unwrap`) and makes one (`wrap`)"
    )

    temporal_address: str = Field("127.0.0.1:7233", description="front end of the Temporal server")
    temporal_namespace: str = Field("default", description="Temporal namespace")

    oidc_issuer: str = Field(
        "http://127.0.0.1:8080/issuer", description="OpenID Connect issuer; its discovery document names the keys"
    )
    oidc_audience: str = Field("investiture", description="audience that a token must name")
    oidc_role_claim: str = Field("roles", description="claim with the roles; dots reach into objects")
    oidc_organ_claim: str = Field(
        "organ", description="claim with the organ that the person acts for; dots reach into objects"
    )

    public_log: Path = Field(
        Path("data/log"), description="folder of the public log: tiles and checkpoints, which any web server may serve"
    )
    log_keys: Path = Field(
        Path("data/log-signer"), description="folder of the keys that sign the log, and of the last checkpoint signed"
    )
    checkpoint_seconds: float = Field(2.0, gt=0, description="how long new events wait for their checkpoint, at most")
    witness_url: str | None = Field(None, description="address of the supervision organ's witness")
    witness_key: str | None = Field(None, description="the witness's public key, as `investiture witness init` says it")
    witness_within_seconds: float = Field(
        600.0, gt=0, description="how long a checkpoint may stand without the witness before the alarm is raised"
    )

    timestamp_url: str | None = Field(None, description="RFC 3161 authority that stamps checkpoints, when there is one")
    timestamp_roots: Path | None = Field(None, description="PEM file with the authority's root certificates")
    timestamp_every_seconds: float = Field(86_400.0, gt=0, description="how often a checkpoint is stamped")

    smtp_url: str | None = Field(
        None, description="mail server, as smtp://user@host:587 (STARTTLS) or smtps://host:465; embedded: DATA/mail"
    )
    smtp_password: SecretStr | None = Field(None, description="password at the mail server, when the URL carries none")
    smtp_roots: Path | None = Field(
        None, description="PEM file with the mail server's root certificate, if it is its own"
    )
    smtp_from: str | None = Field(None, description="address that mails come from; notices@ the public host otherwise")
    webhooks_may_reach_private_addresses: bool = Field(
        False, description="webhooks may lead to addresses inside, and unencrypted; always so in the embedded mode"
    )
    digest_hour: int = Field(5, ge=0, le=23, description="hour of the day (UTC) from which digests go out")

    joint_meeting_pack: str = Field(
        "standard", description="pack whose rules the two departments meet by, once it has cases; empty: none by itself"
    )
    joint_meeting_members: str = Field(
        "personnel-department:personnel,supervision-organ:supervision",
        description="organs of the meetings that convene by themselves, as ORGAN:SEAT with commas",
    )
    joint_meeting_place: str = Field("To be announced (地点另行通知)", min_length=2, description="where they are held")

    packs: Path = Field(PROJECT / "packs", description="folder of the policy packs")
    log_level: str = Field("info", description="debug, info, warning or error")
    log_json: bool = Field(True, description="one JSON object a line; false prints for people")
    keys_password: SecretStr | None = Field(
        None, description="password of the key store's role, when the URL carries none"
    )
    owner_password: SecretStr | None = Field(
        None, description="password of the owner's role, when the URL carries none; only `migrate` uses it"
    )
    database_password: SecretStr | None = Field(
        None, description="password of the application's role, when the URL carries none"
    )

    def secret(self, name: str) -> str | None:
        """A password in plain text, for the connection that needs it; None when its URL carries one or none is set."""
        kept: SecretStr | None = getattr(self, name)
        return kept.get_secret_value() if kept else None


def load_settings() -> Settings:
    """The settings of this process.

    Refuses: an unreadable or ill-typed setting, naming it.
    """
    import os

    folder = os.environ.get("INVESTITURE_SECRETS")
    return Settings(_secrets_dir=folder) if folder else Settings()
