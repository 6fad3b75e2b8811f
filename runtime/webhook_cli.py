"""Webhooks from the command line: the same acts as the API's, through the API."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from domain.identity import Role
from domain.webhook import EndWebhook, NoticeNews, RegisterWebhook, TryWebhook
from runtime.api_client import ApiClient
from runtime.case_options import Body
from runtime.case_reading import After
from runtime.case_step import AsJson, reading, step
from runtime.list_table import list_table, tell_list

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id, as `webhook list` shows it.")]

webhook_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Have another system told, by signed messages, of what becomes of public notices.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture webhook add https://example.org/notices --organ-of-post Registry",
)


@step("add", RegisterWebhook, "/webhooks", Role.PERSONNEL)
def add(
    url: Annotated[str, typer.Argument(help="https address that takes POST.")],
    kind: Annotated[list[NoticeNews] | None, typer.Option(help="Of what; of everything when left out.")] = None,
    words: Annotated[str | None, typer.Option(help="Only of notices in which these words stand.")] = None,
    organ_of_post: Annotated[str | None, typer.Option(help="Only of notices of this unit.")] = None,
    place: Annotated[str | None, typer.Option(help="Only of notices of this jurisdiction, such as CN.")] = None,
) -> Body:
    """Register a webhook. The secret that its messages are signed with is printed once, here.

    Example: investiture webhook add https://example.org/notices --kind notice_opened --kind notice_closed
    """
    chosen = {"q": words, "organ": organ_of_post, "place": place}
    body: dict[str, Any] = {"url": url, "filter": {name: text for name, text in chosen.items() if text}}
    return body | ({"kinds": [str(each) for each in kind]} if kind else {})


@step("end", EndWebhook, "/webhook-endings", Role.PERSONNEL)
def end(webhook: WebhookId) -> Body:
    """Tell the other system nothing more.

    Example: investiture webhook end d6fhcqtf5dfs
    """
    return {"webhook_id": webhook}


@step("test", TryWebhook, "/webhook-tests", Role.PERSONNEL)
def try_one(webhook: WebhookId) -> Body:
    """Send one signed message that says nothing; `webhook list` then shows what the other system answered.

    Example: investiture webhook test d6fhcqtf5dfs
    """
    return {"webhook_id": webhook}


def list_webhooks(service: ApiClient, after: After = None, as_json: AsJson = False) -> None:
    """List webhooks, the latest first, and how each stands.

    Example: investiture webhook list
    """
    found = service.read("/webhooks", {"after_position": after})["webhooks"]
    tell_list("webhooks", found, _table, "No webhook was registered.", as_json)


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Webhook", "Host", "Organ", "State", "Last status", "Failing since"), map(_cells, rows))


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    status = "" if row["status"] is None else str(row["status"] or "no answer")
    return (row["webhook_id"], row["host"], row["organ"], row["state"], status, row["failing_since"] or "")


for _step in (add, try_one, end):
    _step.add_to(webhook_app, "Acting")
reading(webhook_app, "list", "Reading", Role.PERSONNEL)(list_webhooks)
