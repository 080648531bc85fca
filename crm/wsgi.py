"""The entrance of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

application = get_wsgi_application()


def warm() -> None:
    """Before the worker processes part: what the first page would read into each, words and addresses, they share."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils import translation

    for code, _label in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Today")
            reverse("workbench:today")
