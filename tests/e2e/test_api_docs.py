"""The readable documentation of the API, under the strict policy for scripts."""

from playwright.sync_api import expect


def test_the_documentation_of_the_api_opens_with_every_operation(enter, cast):
    """sync-api "Conventions": readable docs at /api/v1/docs/, generated from the code."""
    page = enter_docs(enter)
    page.locator(".opblock").first.wait_for()
    expect(page.locator(".info .title")).to_contain_text("CRM")
    assert page.locator(".opblock").count() >= 20
    page.locator("#operations-customers-customers_upsert .opblock-summary-control").click()
    expect(page.locator("#operations-customers-customers_upsert")).to_contain_text("source_updated_at")


def enter_docs(enter):
    """A director at a desk; the page is not ours, so nothing of it says when it is ready."""
    page = enter("director", "/notices/", width=1440)
    page.goto("/api/v1/docs/")
    return page
