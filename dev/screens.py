"""``make screens``: a picture of every page that the roles can reach, at both widths and in both languages.

Walks the links from each role's first page on the demo data: one example of every route, into var/screens.
Says which pages scroll sideways on a phone or wrote an error to the browser's console.
``make screens ARGS=--readme`` takes the three pictures of the README instead, into docs/pictures.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from dev import processes, services, update
from dev.browser import FLAGS, HEIGHTS, chromium
from dev.failures import Failure
from dev.places import ROOT, var_folder

ROLES = ("M1001", "S1001", "H1001", "D1001", "A1001")
LANGUAGES = ("zh-CN", "en-US")
LINKS = "links => links.map(link => link.href)"
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth + 1"
README = {
    "today": ("M1001", "/", 390, 844),
    "team": ("S1001", "/team/", 1280, 900),
    "customer": ("M1001", "/", 1280, 900),
}
"""Picture → who looks, where, how wide and how high."""
LEFT_OUT = ("account_logout", "django_prometheus")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site() -> Iterator[str]:
    """The web process alone, on the demo data."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "crm.wsgi"]
    env = os.environ | {"PORT": str(port), "DEMO": "1", "LOG_LEVEL": "WARNING"}
    web = subprocess.Popen(command, cwd=ROOT, env=env)
    address = f"http://127.0.0.1:{port}"
    try:
        while not processes.answers(port):
            if web.poll() is not None:
                raise Failure("The web process would not start; its last words are above.")
            time.sleep(0.1)
        yield address
    finally:
        web.terminate()
        web.wait(15)


def signed_in(browser: Browser, address: str, login: str, width: int, language: str) -> BrowserContext:
    """A browser in which this person has signed in."""
    from crm.demo.logins import DEMO_PASSWORD

    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        is_mobile=width < 600,
        has_touch=width < 600,
        locale=language,
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    page.goto("/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    page.close()
    return context


def route_of(path: str) -> str | None:
    """The name of the route a path leads to, when it is a page."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return None if not name or name in LEFT_OUT or path.startswith(("/api/", "/static/")) else name


def is_page(answer: Response | None) -> bool:
    """Whether something to look at came back."""
    return answer is not None and answer.ok and "text/html" in answer.headers.get("content-type", "")


def routes_for(context: BrowserContext, found: dict[str, tuple[str, str]], login: str) -> int:
    """Follow the links from the first page; note one address of each route not seen before, count dead links."""
    page, dead = context.new_page(), 0
    waiting, asked = ["/"], set[str]()
    while waiting:
        path = waiting.pop(0)
        name = route_of(path)
        if name is None or name in asked:
            continue
        asked.add(name)
        try:
            answer = page.goto(path)
        except PlaywrightError:  # a download is no page, and the browser says so by an error
            continue
        if answer is not None and answer.status >= 400:
            dead += 1
            print(f"  {login} {path}: answers {answer.status}")
        if not is_page(answer):
            continue
        found.setdefault(name, (login, path))
        links = page.eval_on_selector_all("a[href]", LINKS)
        waiting += [urlsplit(link).path for link in links if urlsplit(link).netloc == urlsplit(page.url).netloc]
    page.close()
    return dead


def picture(page: Page, path: str, file: Path) -> list[str]:
    """Take the picture; what is wrong with the page."""
    faults: list[str] = []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, full_page=True)
    if page.evaluate(SIDEWAYS):
        faults.append("scrolls sideways")
    return faults


def take_all(browser: Browser, address: str) -> int:
    """Find the routes as each role, then take every picture; how many faults there were."""
    found: dict[str, tuple[str, str]] = {}
    count = 0
    for login in ROLES:
        context = signed_in(browser, address, login, 1440, "zh-CN")
        count += routes_for(context, found, login)
        context.close()
    print(f"{len(found)} routes")
    for language in LANGUAGES:
        for width in HEIGHTS:
            folder = var_folder() / "screens" / f"{language}-{width}"
            folder.mkdir(parents=True, exist_ok=True)
            for login in ROLES:
                context = signed_in(browser, address, login, width, language)
                for name, (who, path) in sorted(found.items()):
                    if who != login:
                        continue
                    page = context.new_page()
                    for fault in picture(page, path, folder / f"{name.replace(':', '-')}.png"):
                        count += 1
                        print(f"  {language} {width} {path}: {fault}")
                    page.close()
                context.close()
    return count


def take_for_readme(browser: Browser, address: str) -> int:
    """Today on a phone, Team and a customer on a desk, in Chinese; how many faults there were."""
    count = 0
    for name, (login, path, width, height) in README.items():
        context = signed_in(browser, address, login, width, "zh-CN")
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        if name == "customer":
            paths = [urlsplit(link).path for link in page.eval_on_selector_all("main a[href]", LINKS)]
            page.goto([path for path in paths if route_of(path) == "workbench:customer"][1])
        page.wait_for_load_state("networkidle")
        page.screenshot(path=ROOT / "docs" / "pictures" / f"{name}.png", animations="disabled")
        count += bool(page.evaluate(SIDEWAYS))
        context.close()
    return count


def main(arguments: list[str]) -> int:
    """Everything, on servers that are stopped at the end."""
    path, for_readme = chromium(), "--readme" in arguments
    try:
        if path is None:
            raise Failure("The pictures need Chromium, and there is none: apt-get install chromium.")
        os.environ["DEMO"] = "1"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        services.start()
        update.bring_up_to_date(demo=True)
        django.setup()
        if not for_readme:
            shutil.rmtree(var_folder() / "screens", ignore_errors=True)
        with site() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
            faults = (take_for_readme if for_readme else take_all)(browser, address)
            browser.close()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        services.stop()
    place = "docs/pictures" if for_readme else f"{var_folder().name}/screens"
    print(f"{faults} faults; the pictures are in {place}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
