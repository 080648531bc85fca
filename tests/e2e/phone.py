"""What the journeys on a phone share: one thumb that counts, the chips of the log sheet, rows of Today."""

from playwright.sync_api import Locator, Page


class Thumb:
    """One hand: counts what it touches."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, place: Locator) -> None:
        """Touch once."""
        place.tap()
        self.taps += 1


def row_of(page: Page, name: str = "金满堂") -> Locator:
    """A customer's row on Today."""
    return page.locator(".today-row", has_text=name)


def chip(page: Page, name: str, value: object) -> Locator:
    """A chip of the open log sheet."""
    return page.locator(f"#sheet label.chip:has(input[name={name}][value='{value}'])")


def save_sheet(page: Page) -> None:
    """The button at the foot of the sheet, and the toast that answers it."""
    page.locator("#sheet .sheet-foot .btn-primary").tap()
    page.locator(".toast-item").first.wait_for()
