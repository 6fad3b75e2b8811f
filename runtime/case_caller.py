"""Who speaks to which service: the options that every `case` command shares, and what they lead to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from domain.identity import Role
from runtime.api_client import ApiClient
from runtime.clock import now
from runtime.installation import NothingRuns, found_settings
from runtime.local_issuer import EXAMPLES, CannotMint, RefusesOutsideEmbeddedMode, mint
from runtime.settings import Settings

WHO = "Who asks, and where"


@dataclass(frozen=True, slots=True)
class Caller:
    """The service that is spoken to, and the person who speaks; each field is an option."""

    data: Annotated[
        Path, typer.Option(help="Data folder of the installation that runs on this machine.", rich_help_panel=WHO)
    ] = Path("data")
    address: Annotated[
        str | None,
        typer.Option(
            envvar="INVESTITURE_ADDRESS", help="Address of the service, instead of --data.", rich_help_panel=WHO
        ),
    ] = None
    token: Annotated[
        str | None,
        typer.Option(
            envvar="INVESTITURE_TOKEN",
            help="Token of the identity provider. Safer in the environment than on a command line.",
            rich_help_panel=WHO,
        ),
    ] = None
    role: Annotated[
        Role | None,
        typer.Option(
            metavar="ROLE",
            help="Without a token: act as personnel, school, supervision, decision_body, auditor or person; by "
            "default as the one whose duty it is.",
            rich_help_panel=WHO,
        ),
    ] = None
    organ: Annotated[
        str | None, typer.Option(help="Without a token: the organ that you act for.", rich_help_panel=WHO)
    ] = None
    subject: Annotated[
        str | None, typer.Option(help="Without a token: your identifier there.", rich_help_panel=WHO)
    ] = None

    def client(self, role: Role, organ: str | None = None, *, timeout: float = 30.0) -> ApiClient:
        """A way to the service, as somebody of this role and organ unless the options say otherwise.

        Refuses: NothingRuns, and typer's BadParameter when nobody in particular can be meant.
        """
        if self.address and self.token:
            return ApiClient(_checked(self.address), self.token, timeout=timeout)
        settings = self._installation()
        address = _checked(self.address) if self.address else _address(settings)
        token = self.token or self._example_token(settings, address, self.role or role, organ)
        return ApiClient(address, token, timeout=timeout)

    def _installation(self) -> Settings:
        try:
            return found_settings(self.data)
        except NothingRuns:
            if self.address is None:
                raise
            raise _token_missing(self.address) from None

    def _example_token(self, settings: Settings, address: str, role: Role, organ: str | None) -> str:
        # A token that this machine's issuer signed is of no use elsewhere, and nobody else's business.
        if address != _address(settings):
            raise _token_missing(address)
        acts_for = self.organ or organ or (EXAMPLES[role].organ if role in EXAMPLES else None)
        at_home = role in EXAMPLES and acts_for == EXAMPLES[role].organ
        subject = self.subject or (EXAMPLES[role].subject if at_home else f"example-{acts_for}")
        name = EXAMPLES[role].name if at_home and self.subject is None else f"Example: {subject}"
        try:
            return mint(settings, [role], organ=acts_for, subject=subject, name=name, now=now())
        except RefusesOutsideEmbeddedMode:
            raise _token_missing(address) from None
        except CannotMint as problem:
            raise typer.BadParameter(str(problem), param_hint="--role") from None


def _address(settings: Settings) -> str:
    return settings.public_url.rstrip("/")


def _checked(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise typer.BadParameter(
            f"“{address}” is no address; it begins with http:// or https://, such as http://127.0.0.1:8080.",
            param_hint="--address",
        )
    return address.rstrip("/")


def _token_missing(address: str) -> typer.BadParameter:
    return typer.BadParameter(
        f"The service at {address} wants to know who you are. Put a token of its identity provider into "
        "INVESTITURE_TOKEN, or name the data folder of an installation on this machine with --data.",
        param_hint="--token",
    )
