"""QR codes, drawn as SVG in the page itself: nothing is asked of anybody else."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, size: int = 6) -> SafeString:
    """The code of a text; dark on white whatever the theme, so that a phone reads it."""
    drawn = segno.make(text, error="m").svg_inline(scale=size, border=3, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - made by the library from modules, the text itself is not in it
