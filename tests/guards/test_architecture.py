"""The house rules that a machine can check (design 2-4), over the whole tree, so that none is forgotten."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from crm.core.changelog import exempt_tables, tracked_tables
from crm.core.scope import Scope, ScopedModel
from dev.places import APPS, ROOT

INTERFACE = {"views", "api", "forms", "filters", "tasks"}
MOST_LINES = 400
LONGEST_FUNCTION = 50
LONGEST_VIEW = 20
FORBIDDEN_NAMES = {"utils", "helpers", "common", "signals", "misc", "manager", "managers"}
QUERIES = {
    "all",
    "filter",
    "exclude",
    "get",
    "count",
    "exists",
    "order_by",
    "values",
    "values_list",
    "first",
    "last",
    "create",
    "update",
    "delete",
    "add",
    "remove",
    "set",
    "aggregate",
    "annotate",
    "iterator",
    "in_bulk",
}

# Who else may look at the clock, and why.
CLOCK = {
    "crm/core/abilities.py": "asks for today's access, once a request",
    "crm/core/api/filters.py": "a date may lie ten years ahead of today",
    "crm/core/api/problem.py": "the row of a denied call",
    "crm/core/api/permissions.py": "the row of a denied call",
    "crm/core/adapter.py": "the library's door of sign-in, an interface",
    "crm/core/exports/making.py": "a job, the door of the worker",
    "crm/core/forms.py": "a wrong code counts now",
    "crm/core/health.py": "a view",
    "crm/core/jobs.py": "leases of living processes",
    "crm/core/marks.py": "today / in 3 days, when the caller gives no day",
    "crm/core/middleware.py": "around every view",
    "crm/core/models/people.py": "today's access of a user; when he was made",
    "crm/core/oidc.py": "the library's door of sign-in, an interface",
    "crm/core/parameters.py": "the value that holds today, when the caller gives no day",
    "sync/authentication.py": "who calls, at the door of the API",
    "sync/imports/jobs.py": "a job is a task",
    "sync/imports/undo/job.py": "a job is a task",
    "sync/webhooks/service.py": "a part of the dispatcher, the door of its process",
    "visits/page_context.py": "the part that the views of visits share",
    "crm/core/sessions.py": "life of a session",
    "crm/core/sweeps.py": "when a step ended",
    "crm/core/pieces.py": "when a piece of a step ended",
    "crm/core/list_rows.py": "a file of a list is written by a job, page by page as the page would be",
    "crm/core/logs.py": "when a line was logged",
}
CLOCK_CALLS = {("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("date", "today"),
               ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("time", "time")}  # fmt: skip
CLOCK_FOLDERS = {"views", "api", "tasks", "management"}

# Plain tables of the apps: settings and reference data that everybody signed in may know.
NOT_SCOPED: dict[str, str] = {}


@cache
def sources() -> tuple[Path, ...]:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return tuple(path for path in files if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def words(path: Path) -> set[str]:
    return {*path.relative_to(ROOT).with_suffix("").parts}


def layer(path: Path) -> str:
    """Which of an app's files or packages it belongs to: accounts/views/units.py is "views"."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[-1].endswith("_views"):
        return "views"
    return parts[2] if parts[:2] in (("crm", "core"), ("crm", "demo")) and len(parts) > 2 else parts[1]


def interface_files() -> list[Path]:
    return [path for path in sources() if layer(path) in INTERFACE]


def functions(path: Path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def own_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in APPS]


def scoped_models():
    return [model for model in own_models() if issubclass(model, ScopedModel)]


def test_no_file_is_longer_than_400_lines():
    """Design 3: a longer one becomes a package, cut by subject."""
    long = {name_of(path): n for path in sources() if (n := len(path.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_no_function_is_longer_than_50_lines():
    """Design 3."""
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in sources()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert "\n".join(long) == ""


def test_a_view_translates_makes_one_call_and_translates_back():
    """Design 3: 20 lines at most each."""
    long = []
    for path in sources():
        if layer(path) not in {"views", "api", "tasks"} or name_of(path).startswith("crm/core/api/"):
            continue
        for node in functions(path):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body and node.end_lineno - body[0].lineno + 1 > LONGEST_VIEW:
                long.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert "\n".join(long) == ""


def test_a_name_says_what_is_inside():
    """Design 2: no utils, helpers, common, signals."""
    assert [name_of(path) for path in sources() if words(path) & FORBIDDEN_NAMES] == []


def test_a_business_model_has_no_objects_and_its_way_to_a_scope_leads_somewhere():
    """Design 4: there is no `.objects` on such a model."""
    scope = Scope(unit_ids=(1,), manager_ids=(2,))
    for model in scoped_models():
        assert not hasattr(model, "objects"), model
        assert set(model.SCOPE_PATHS) <= {"unit", "manager"}, model
        assert model.SCOPE_PATHS, model
        assert "WHERE" in str(model.visible_to(scope).query), model
        assert model.visible_to(Scope.NOTHING).query.is_empty(), model


def test_a_table_with_a_customer_is_a_business_model():
    """SEC-3: what leads to a customer or a member of staff has a scope, or is named here with a reason."""
    names = {model._meta.label for model in scoped_models()}
    open_tables = []
    for model in own_models():
        if model._meta.label in names or model._meta.label in NOT_SCOPED:
            continue
        targets = {field.related_model._meta.label for field in model._meta.get_fields() if field.many_to_one}
        if targets & {"accounts.Customer", "accounts.Staff"}:
            open_tables.append(model._meta.label)
    assert open_tables == []


def test_interface_files_go_through_the_one_door():
    """Design 4, decisions 17: no `unscoped`, no `.objects` of a business model, no reverse accessor."""
    scoped = {model.__name__ for model in scoped_models()}
    accessors = {
        relation.get_accessor_name()
        for model in apps.get_models()
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, ScopedModel) and relation.get_accessor_name()
    }
    found = []
    for path in interface_files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Attribute):
                continue
            inner = node.value
            opened = node.attr == "unscoped"
            opened |= node.attr == "objects" and isinstance(inner, ast.Name) and inner.id in scoped
            opened |= node.attr in QUERIES and isinstance(inner, ast.Attribute) and inner.attr in accessors
            if opened:
                found.append(f"{name_of(path)}:{node.lineno} .{node.attr}")
    assert "\n".join(found) == ""


def test_the_clock_is_read_at_the_edge_and_passed_down():
    """Design 4: `today` is an argument."""
    found = []
    for path in sources():
        if name_of(path) in CLOCK or layer(path) in CLOCK_FOLDERS or name_of(path).startswith("crm/demo/"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                value = node.func.value
                owner = (
                    value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
                )
                is_conversion = node.args and node.func.attr in ("localdate", "localtime")
                if (owner, node.func.attr) in CLOCK_CALLS and not is_conversion:
                    found.append(f"{name_of(path)}:{node.lineno}")
    assert "\n".join(found) == ""


def opens_write(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any(
        isinstance(item.context_expr, ast.Call)
        and isinstance(item.context_expr.func, ast.Name)
        and item.context_expr.func.id == "write"
        for item in node.items
    )


def test_every_action_and_sweep_names_its_transaction():
    """SEC-23: `with write(by=…)` is the only way, or the log would not know who; a savepoint inside it is fine."""
    found = []
    for path in sources():
        if layer(path) not in {"actions", "sweeps"}:
            continue
        inside = {id(inner) for node in ast.walk(tree(path)) if opens_write(node) for inner in ast.walk(node)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr == "atomic" and id(node) not in inside:
                found.append(f"{name_of(path)}:{node.lineno}")
    assert "\n".join(found) == ""


def test_every_table_is_in_the_change_log_or_exempt_with_a_reason():
    """Decisions 24."""
    tracked, exempt = set(tracked_tables()), set(exempt_tables())
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - tracked - exempt == set()
    assert tracked & exempt == set()
    assert (tracked | exempt) - tables - {"django_migrations"} == set()
    assert all(len(reason) > 10 for reason in exempt_tables().values())


def test_a_tracked_table_has_a_number_as_its_id_and_the_columns_its_spec_names():
    for model in apps.get_models():
        spec = tracked_tables().get(model._meta.db_table)
        if spec is None:
            continue
        assert model._meta.pk.column == "id", model
        columns = {field.column for field in model._meta.concrete_fields}
        assert spec.secret <= columns, model
        assert spec.excluded <= columns, model
        assert not spec.secret & spec.excluded, model


def routes(resolver: URLResolver, prefix: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry.callback


def test_every_view_says_who_may_open_it():
    """Safety 1: deny by default; a route that declares nothing is a mistake."""
    undeclared, public = [], []
    for route, view in routes(get_resolver()):
        rule = getattr(view, "access_rule", None) or getattr(getattr(view, "cls", None), "access_rule", None)
        if rule is None:
            undeclared.append(route)
        elif rule == "public":
            public.append(route)
    assert undeclared == []
    assert len(public) <= 20, public


@pytest.mark.parametrize("path", [path for path in interface_files() if "core" not in path.parts], ids=name_of)
def test_interface_files_hold_no_sql(path):
    """Design 3: reading is in queries, writing in actions and sweeps."""
    text = path.read_text()
    assert "cursor.execute" not in text
    assert ".raw(" not in text
