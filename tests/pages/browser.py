"""Chromium with a page that avm wrote, and what it noticed while the page was open."""

import atexit
import functools
import json
import os
import tempfile
import unittest
from pathlib import Path
from typing import Any

import axe_playwright_python
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from selenium.webdriver.support.wait import WebDriverWait

PAGES = Path(os.environ["AVM_PAGES"])
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@functools.cache
def _chromium() -> webdriver.Chrome:
    """One for all tests: it takes longer to start than to open a page. It ends with this process."""
    profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    atexit.register(profile.cleanup)
    options = webdriver.ChromeOptions()
    for flag in (*_FLAGS, f"--user-data-dir={profile.name}"):
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService("/usr/bin/chromedriver")
    driver = webdriver.Chrome(options=options, service=service)
    atexit.register(driver.quit)
    driver.set_script_timeout(180)
    return driver


class PageTest(unittest.TestCase):
    """A test that opens pages. After each, nothing may have been requested or complained of."""

    driver: webdriver.Chrome

    @classmethod
    def setUpClass(cls) -> None:
        cls.driver = _chromium()

    def open(self, page: str, fragment: str = "", width: int = 1440, dark: bool = False) -> None:
        """Opens a page as somebody does who has never seen it."""
        self.driver.get("about:blank")
        self.driver.set_window_size(width, 900)
        self.media(dark=dark)
        self.url = (PAGES / page).as_uri()
        self.driver.get_log("performance")
        self.driver.get(self.url + fragment)
        self.addCleanup(self.assert_quiet)

    def media(self, kind: str = "", dark: bool = False) -> None:
        """What the page is shown on."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": [scheme]})

    def assert_quiet(self) -> None:
        """Nobody complained, and nothing but the page itself was asked for."""
        self.assertEqual(self.driver.get_log("browser"), [])
        asked = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.add(message["params"]["request"]["url"].partition("#")[0])
        self.assertLessEqual(asked, {self.url, "about:blank"})

    def assert_accessible(self) -> None:
        """axe-core finds nothing serious."""
        self.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        self.script(_AXE.read_text())
        found = self.driver.execute_async_script(
            "axe.run(document, {resultTypes: ['violations']}).then(arguments[0], (error) => arguments[0]({error: String(error)}))"
        )
        self.assertNotIn("error", found)
        serious = [
            (one["id"], one["help"], [(node["html"][:200], node["failureSummary"]) for node in one["nodes"][:3]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        self.assertEqual(serious, [])
        self.assertGreater(len(found["passes"]), 10)

    def script(self, code: str, *values: Any) -> Any:
        """Runs a script in the page."""
        return self.driver.execute_script(code, *values)

    def all(self, selector: str) -> list[WebElement]:
        """The elements that are to be seen."""
        return self.script(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter((one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0)",
            selector,
        )

    def one(self, selector: str) -> WebElement:
        """The first element that is to be seen."""
        found = self.all(selector)
        self.assertTrue(found, f"{selector} is not to be seen")
        return found[0]

    def press(self, *keys: str) -> None:
        """Presses keys, wherever the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def until(self, holds: Any) -> None:
        """Waits until something holds that the page does when it has the time for it."""
        WebDriverWait(self.driver, 60, poll_frequency=0.05).until(lambda _: holds())


__all__ = ["Keys", "PageTest", "Select", "WebElement"]
