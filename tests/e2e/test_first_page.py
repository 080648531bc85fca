"""What anybody sees first."""

import pytest


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(("language", "word"), [("zh-CN", "工号"), ("en-US", "Staff number")])
def test_the_door_opens_in_the_language_of_the_browser(open_page, width, language, word):
    """SEC-1, decisions 32: Chinese unless the browser prefers English; no error in the console; nothing sideways."""
    page = open_page("/", width=width, language=language)
    assert "/sign-in/" in page.url
    assert page.get_by_label(word).count() or word in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
