"""Third-party files come out of node_modules by name; nothing else does."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from crm.core.finders import NodeModulesFinder, PackageFinder


def test_every_named_file_is_installed():
    for name in settings.NODE_MODULES_FILES:
        assert finders.find(f"packages/{name}"), name
    for name in settings.PACKAGE_FILES:
        assert finders.find(name), name


@pytest.mark.parametrize(
    "path",
    [
        "packages/@tabler/core/package.json",
        "packages/htmx.org/dist/../package.json",
        "htmx.org/dist/htmx.min.js",
        "packages/../manage.py",
        "rest_framework/js/default.js",
    ],
)
def test_a_file_nobody_named_is_not_served(path):
    assert finders.find(path) is None


def test_collecting_takes_exactly_the_named_files():
    assert [name for name, _ in NodeModulesFinder().list(None)] == sorted(settings.NODE_MODULES_FILES)
    assert [name for name, _ in PackageFinder().list(None)] == sorted(settings.PACKAGE_FILES)
