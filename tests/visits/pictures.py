"""A drawn signature, as the page sends it."""

import base64
import io

from PIL import Image, ImageDraw


def picture(*, ink=True, size=(300, 120)):
    """A PNG with a stroke, or an empty sheet, as a data address."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(image).line([(10, 10), (200, 100), (280, 20)], fill=(16, 34, 44, 255), width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
