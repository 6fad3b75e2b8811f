"""What the API says of itself in its OpenAPI document, beyond what the framework can tell from the routes."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

PROBLEM = "application/problem+json"
ETAG = {"description": "version of the case, to be named in If-Match", "schema": {"type": "string"}}
POSITION = {"description": "position of the last event in the log", "schema": {"type": "string"}}
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "A token of the OpenID Connect issuer. On one machine: `investiture token --role personnel`.",
}


def describe(app: FastAPI) -> None:
    """Has the app's OpenAPI document name the token, the headers of answers, and the media type of problems."""
    generated = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generated()
            document["components"]["securitySchemes"] = {"token": BEARER}
            for operation in operations(document):
                _describe(operation)
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of an OpenAPI document."""
    for methods in document["paths"].values():
        yield from methods.values()


def _describe(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    if "401" in responses:
        operation["security"] = [{"token": []}]
    for status, response in responses.items():
        if int(status) >= 400:
            content = response.pop("content", {})
            response["content"] = {PROBLEM: content.get("application/json", {})}
        elif "412" in responses:
            response["headers"] = {"ETag": ETAG, "Investiture-Position": POSITION}
