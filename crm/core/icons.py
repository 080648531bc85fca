"""The icons of the site: one small style sheet with exactly the Tabler icons that the sources name.

The whole icon font weighs 900 KB, which a phone in poor signal should not load; the pictures used here weigh about 10.
A name counts as used where it stands as ``ti-phone`` anywhere, as ``icon="phone"`` or ``icon "phone"`` in a template,
or as any quoted word of Python that happens to be the name of an icon (names are often the values of tables there).
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

STYLE_SHEET = "css/icons.css"
SOURCES = ("templates/**/*.html", "static/js/*.js", *(f"{app}/**/*.py" for app in (
    "crm", "accounts", "visits", "workbench", "sync")))  # fmt: skip
IN_CLASS = re.compile(r"\bti-([a-z0-9]+(?:-[a-z0-9]+)*)")
IN_TEMPLATE = re.compile(r"""\bicon(?:=|\s+|\()["']([a-z0-9-]+)["']""")
IN_PYTHON = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")
Nodes = dict[str, list[tuple[str, dict[str, str]]]]


def names_in_use(folder: Path) -> set[str]:
    """Every icon that a template, a script or a Python module of the project names."""
    names: set[str] = set()
    for file in (found for pattern in SOURCES for found in folder.glob(pattern)):
        text = file.read_text(encoding="utf-8")
        names.update(IN_CLASS.findall(text))
        names.update((IN_PYTHON if file.suffix == ".py" else IN_TEMPLATE).findall(text))
    return names


@lru_cache(maxsize=2)
def _nodes(folder: Path, style: str) -> Nodes:
    file = folder / "@tabler" / "icons" / f"tabler-nodes-{style}.json"
    nodes: Nodes = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return nodes


def drawing(name: str, packages: Path) -> str | None:
    """The icon as an SVG document, or None when Tabler has no icon of that name."""
    filled = _nodes(packages, "filled").get(name.removesuffix("-filled")) if name.endswith("-filled") else None
    shapes = filled or _nodes(packages, "outline").get(name)
    if shapes is None:
        return None
    paint = "fill='#000'" if filled else (
        "fill='none' stroke='#000' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'"
    )  # fmt: skip
    body = "".join(
        f"<{tag} {' '.join(f'{key}={value!r}' for key, value in sorted(marks.items()))}/>" for tag, marks in shapes
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' {paint}>{body}</svg>"


def style_sheet(names: Iterable[str], packages: Path) -> str:
    """One rule per icon; its picture is the mask of ``.ti``."""
    rules = []
    for name in sorted(names):
        if svg := drawing(name, packages):
            address = svg.replace("%", "%25").replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
            rules.append(f'.ti-{name}{{--ti:url("data:image/svg+xml,{address}")}}')
    return "\n".join(rules) + "\n"


class IconFinder(BaseFinder):
    """Makes ``css/icons.css`` in the var folder and serves it like any other static file."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.VAR) / "icons"
        self.storage = FileSystemStorage(location=str(self.folder))

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check: a missing package is reported by the set-up."""
        return []

    def _make(self) -> Path:
        file = self.folder / STYLE_SHEET
        text = style_sheet(names_in_use(Path(settings.BASE_DIR)), Path(settings.NODE_MODULES))
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_text(text, encoding="utf-8")
            part.replace(file)
        return file

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The style sheet, made anew when the sources name other icons."""
        if path != STYLE_SHEET:
            return []
        file = str(self._make())
        return [file] if find_all else file

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """The style sheet, for ``collectstatic``."""
        self._make()
        yield STYLE_SHEET, self.storage
