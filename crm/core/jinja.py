"""The Jinja2 environment of big tables."""

from typing import Any

from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """The environment, with the filters of the site."""
    return Environment(**options)  # noqa: S701 - Django passes autoescape=True
