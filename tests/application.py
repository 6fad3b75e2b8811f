"""The application as tests share it: building its routes takes longer than most tests, so a process does it once."""

from copy import copy
from functools import cache

from fastapi import FastAPI
from starlette.datastructures import State

from api.app import create_app, remember_nothing


@cache
def described() -> FastAPI:
    """The application for whoever asks what it has, and sends it no request."""
    return create_app()


def application() -> FastAPI:
    """An application with a memory of its own, over the routes that all of them have."""
    app = copy(described())
    app.state = State()
    app.middleware_stack = None
    remember_nothing(app)
    return app
