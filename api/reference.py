"""The reference of the API as a page, made from the app's own OpenAPI document; it asks nothing of other hosts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from shlex import quote
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from api.answers import JSON
from pages.response_headers import headers
from pages.typesetting import set_page, template

router = APIRouter(include_in_schema=False)
PAGE = template("api_reference.html")
SHORT_LIMITS = (
    ("minLength", "{} characters or more"),
    ("maxLength", "at most {} characters"),
    ("minimum", "from {}"),
    ("maximum", "to {}"),
    ("minItems", "at least {} of them"),
    ("maxItems", "at most {} of them"),
    ("pattern", "like {}"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    kind: str
    required: bool
    limits: tuple[str, ...]
    says: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    says: str
    schema: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One route, as its reader needs it."""

    name: str
    method: str
    path: str
    summary: str
    says: str
    needs_token: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...] | None
    body_says: str
    curl: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """A shape that bodies or answers are made of."""

    name: str
    says: str
    fields: tuple[Field, ...]


@router.api_route("/api/docs", methods=["GET", "HEAD"])
async def reference(request: Request) -> Response:
    """Every operation with its parameters, its body, an example to copy, and its answers."""
    origin = request.app.state.services.public_url.rstrip("/")
    return Response(reference_page(request.app, origin), headers=headers("en", names_people=False))


@router.get("/problems/{name}")
async def problem_type(name: str) -> Response:
    """Where the `type` of a problem document leads: to how problems are read."""
    return RedirectResponse("/api/docs#problems", status_code=307)


@cache
def reference_page(app: FastAPI, origin: str) -> str:
    """The page, made once for each app."""
    document = app.openapi()
    return set_page(
        PAGE,
        "en",
        document=document,
        groups=groups(document, origin),
        schemas=schemas(document),
        origin=origin,
        here="/api/docs",
        there="/zh/",
    )


def groups(document: dict[str, Any], origin: str) -> dict[str, list[Operation]]:
    """The operations under the headings that the routes give them."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            found.setdefault(said["tags"][0], []).append(_operation(document, origin, path, method, said))
    return found


def schemas(document: dict[str, Any]) -> tuple[Schema, ...]:
    """The shapes that the operations refer to; a list of words is shown where it is used."""
    return tuple(
        Schema(name, said.get("description", ""), tuple(_fields(document, said)))
        for name, said in sorted(document["components"]["schemas"].items())
        if "properties" in said
    )


def _operation(document: dict[str, Any], origin: str, path: str, method: str, said: dict[str, Any]) -> Operation:
    body, example = None, None
    body_says = ""
    kinds = said.get("requestBody", {}).get("content", {})
    if kinds and JSON not in kinds:
        body_says = f"A file: {', '.join(kinds)}."
        path = f"{path}?action=open_case" if path.endswith("/batches") else path
    if JSON in kinds:
        content = kinds[JSON]
        shape = _resolved(document, content["schema"])
        body, example = tuple(_fields(document, shape)), content["example"]
        body_says = shape.get("description", "")
    needs_token = "security" in said
    return Operation(
        name=said["operationId"],
        method=method.upper(),
        path=path.partition("?")[0],
        summary=said["summary"],
        says=said.get("description", ""),
        needs_token=needs_token,
        parameters=tuple(_parameter(document, found) for found in said.get("parameters", ())),
        body=body,
        body_says=body_says,
        curl=_curl(f"{origin}{path}", method.upper(), needs_token, example),
        answers=tuple(_answer(status, found) for status, found in sorted(said["responses"].items())),
    )


def _parameter(document: dict[str, Any], said: dict[str, Any]) -> Field:
    found = _field(document, said["name"], {**said["schema"], "description": ""}, said.get("required", False))
    place = {"path": "in the path", "query": "in the query", "header": "header"}[said["in"]]
    return Field(found.name, found.kind, found.required, (place, *found.limits), said.get("description", ""))


def _fields(document: dict[str, Any], shape: dict[str, Any]) -> Iterator[Field]:
    required = shape.get("required", ())
    for name, said in shape.get("properties", {}).items():
        yield _field(document, name, said, name in required)


def _field(document: dict[str, Any], name: str, said: dict[str, Any], required: bool) -> Field:
    shape = _present(said)
    inner = shape.get("items", shape)
    target = _name(inner)
    known = document["components"]["schemas"].get(target, {}) if target else {}
    kind = _kind(document, shape)
    limits = [words.format(str(shape[key]).strip("^$")) for key, words in SHORT_LIMITS if key in shape]
    if said.get("default") is not None:
        limits.append(f"{json.dumps(said['default'])} when left out")
    link = target if "properties" in known else None
    return Field(name, kind, required, tuple(limits), said.get("description") or shape.get("description", ""), link)


def _present(said: dict[str, Any]) -> dict[str, Any]:
    """The shape of a value that is there; that it may be null goes without saying, since it may be left out."""
    choices = [choice for choice in said.get("anyOf", ()) if choice.get("type") != "null"]
    return choices[0] if len(choices) == 1 else said


def _kind(document: dict[str, Any], shape: dict[str, Any]) -> str:
    if target := _name(shape):
        known = document["components"]["schemas"][target]
        return " | ".join(known["enum"]) if "enum" in known else target
    if shape.get("type") == "array":
        return f"list of {_kind(document, _present(shape.get('items', {})))}"
    if "enum" in shape or "const" in shape:
        return " | ".join(str(word) for word in shape.get("enum", [shape.get("const")]))
    return str(shape.get("format") or shape.get("type", "anything"))


def _name(shape: dict[str, Any]) -> str | None:
    reference = shape.get("$ref")
    return reference.rpartition("/")[2] if reference else None


def _resolved(document: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    target = _name(shape)
    found: dict[str, Any] = document["components"]["schemas"][target] if target else shape
    return found


def _answer(status: str, said: dict[str, Any]) -> Answer:
    content: dict[str, Any] = next(
        iter(said["content"].values()), {}
    )  # a table has the same lines in each of its forms
    return Answer(status, said["description"], _name(content.get("schema", {})))


def _curl(address: str, method: str, needs_token: bool, example: Any) -> str:
    """A command to copy; ids stand as shell variables, because everybody's are others."""
    address = address.replace("{action}", "open_case")
    address = re.sub(r"{(\w+?)(_id)?}", lambda found: f"${found[1].upper()}", address)
    lines = [f'curl "{address}"']
    if needs_token:
        lines.append('  -H "Authorization: Bearer $TOKEN"')
    if method == "POST":
        lines.append('  -H "Idempotency-Key: $(uuidgen)"')
    if method == "POST" and example is None:
        lines.append('  -H "Content-Type: text/csv" --data-binary @lines.csv')
    elif method == "POST":
        lines.append("  --json " + quote(json.dumps(example, ensure_ascii=False, indent=2 if example else None)))
    return " \\\n".join(lines)
