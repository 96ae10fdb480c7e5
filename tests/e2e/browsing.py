"""A contributor at the browser: Debian's chromium, headless, driven by Playwright."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dev.portal import Portal

PATIENCE = 90_000
"""Milliseconds that a page, or a job seen on a page, may take on a busy machine."""


@contextmanager
def browsing(portal: Portal) -> Iterator[Page]:
    """A page of a browser that speaks French and has visited nothing yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        context = browser.new_context(
            base_url=portal.url, locale="fr-FR", viewport={"width": 1280, "height": 1400}
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        try:
            yield page
        finally:
            browser.close()


def keep(page: Page, portal: Portal, name: str) -> None:
    """A screenshot, for a person to look at."""
    folder = portal.folder / "screens"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def log_in(page: Page, user: dict[str, str]) -> None:
    page.goto("/user/login")
    page.fill("[name=login]", user["name"])
    page.fill("[name=password]", user["password"])
    page.click("form button[type=submit].btn-primary")
    page.wait_for_url(re.compile("/dashboard|/user/"))


def describe_budget(page: Page, organization: str, **fields: str) -> str:
    """Fill the first form in; the name of the draft dataset, whose file is asked for next."""
    page.goto("/budget/new", wait_until="networkidle")
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.locator("[name=owner_org]").select_option(label=organization, force=True)
    page.locator("[name=private]").select_option("False", force=True)
    page.locator("[name=etape]").select_option("budget primitif")
    # CKAN's script makes the address from the title
    page.wait_for_function("document.querySelector('[name=name]').value !== ''")
    page.click("#dataset-edit button[type=submit][name=save]")
    page.wait_for_url(re.compile("/resource/new"))
    page.wait_for_load_state("networkidle")
    found = re.search(r"/budget/([^/]+)/resource/new", page.url)
    assert found
    return found[1]


def offer(page: Page, file: Path | None) -> None:
    """Choose a file, if any, and press the button that ends the form."""
    if file:
        page.set_input_files("input[type=file][name=upload]", file)
    page.click("button[name=save][value=go-metadata]")
    page.wait_for_load_state("networkidle")
