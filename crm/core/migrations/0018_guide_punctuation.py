"""Chinese punctuation in the first texts of the guide, where nobody has rewritten them yet."""

import re
from typing import Any

from django.db import migrations

WIDE = str.maketrans(",;:!?", "，；：！？")  # noqa: RUF001
AFTER_CHINESE = re.compile(r"(?<=[一-鿿”》）0-9])[,;:!?](?=[一-鿿“《\n]|$)|(?<=[一-鿿”》）])[,;:!?]")
FIELDS = ("title_zh", "tip_zh", "body_zh")
LITERAL = ("interruption",)
"""Phrases that stand letter by letter as the rules of the house give them (SKL-6)."""


def widen(text: str) -> str:
    """Marks that follow a Chinese character, or stand between a figure and one, are full-width."""
    return AFTER_CHINESE.sub(lambda found: found[0].translate(WIDE), text)


def forwards(apps: Any, schema_editor: Any) -> None:
    Article = apps.get_model("core", "Article")
    for article in Article.objects.filter(updated_at=None).exclude(code__in=LITERAL):
        for name in FIELDS:
            setattr(article, name, widen(getattr(article, name)))
        article.save(update_fields=FIELDS)


class Migration(migrations.Migration):
    dependencies = [("core", "0013_desk_guide_texts")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
