"""The Jinja2 environment of big tables."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment

from crm.core import ui
from crm.core.marks import ago, amount, day_mark, due, mask_phone_mark


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def environment(**options: Any) -> Environment:
    """The environment, with the filters of the site. Translate outside the loop over rows: each call costs 0.03 ms."""
    made = Environment(**options)  # noqa: S701 - Django passes autoescape=True
    made.trim_blocks = made.lstrip_blocks = True
    made.filters.update(lines=ui.lines, due=due, day_mark=day_mark, ago=ago, amount=amount, mask_phone=mask_phone_mark)
    made.globals.update(
        tier_badge=ui.tier_badge, duty_badge=ui.duty_badge, icon=ui.icon, avatar=ui.avatar, mark=ui.mark
    )
    made.globals.update(url=_url, static=static, _=gettext, gettext=gettext, ngettext=ngettext)
    return made
