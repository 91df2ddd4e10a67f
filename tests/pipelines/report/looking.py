"""What the tests ask a browser that shows a page."""

import pathlib
import time
from collections.abc import Callable
from typing import Any

WIDTHS = (360, 768, 1280)

_CONTRAST = """
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const faint = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, style, .unseen, :disabled")) continue;
  const style = getComputedStyle(element);
  const colour = element.closest("svg") ? style.fill : style.color;
  if (!colour.startsWith("rgb")) continue;
  const [one, other] = [light(parse(colour)), light(ground(element))];
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.7 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) faint.add(`${element.tagName}.${element.className.baseVal ?? element.className}: ${ratio.toFixed(2)}`);
}
return [...faint];
"""

_WIDER = """
const own = ".scroll, pre, .skip, .unseen";
const wide = [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility() && !each.closest(own)
  && (each.getBoundingClientRect().right > innerWidth + 1 || each.getBoundingClientRect().left < -1));
return document.documentElement.scrollWidth > innerWidth || wide.length
  ? [document.documentElement.scrollWidth, ...wide.slice(0, 3).map((each) => each.outerHTML.slice(0, 160))] : [];
"""


class Look:
    """A browser at a page."""

    def __init__(self, driver: Any, path: pathlib.Path) -> None:
        self.driver, self.address = driver, path.as_uri()

    def at(self, place: str = "", *, width: int = 1280, theme: str = "light") -> None:
        """Opens the page anew at a place (the part of its address behind the hash)."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.run("try { localStorage.clear() } catch {}")  # the theme that a test before this one chose
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}#{place}" if place else self.address)
        self.until(lambda: self.run("return document.documentElement.dataset.ready === 'true'"))
        self.until(lambda: self.run("return [...document.querySelectorAll('figure')].every((f) => !f.checkVisibility() || f.firstChild)"))

    def go(self, place: str) -> None:
        """Follows a link of the page."""
        self.run("location.hash = arguments[0]", place)
        self.until(lambda: self.run("return decodeURIComponent(location.hash)") == f"#{place}")
        # The page answers in an event, which comes before the next message.
        self.driver.execute_async_script("setTimeout(arguments[0], 30)")

    def run(self, script: str, *values: Any) -> Any:
        """What a script says."""
        return self.driver.execute_script(script, *values)

    def texts(self, selector: str) -> list[str]:
        """The words of all visible elements that fit."""
        script = "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => e.textContent.trim())"
        found: list[str] = self.run(script, selector)
        return found

    def type(self, text: str) -> None:
        """Types into the search box."""
        box = self.driver.find_element("id", "search")
        box.clear()
        box.send_keys(text)

    def until(self, ready: Callable[[], object], seconds: float = 20) -> None:
        """Waits for something to be so."""
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, "the page did not do it in time"
            time.sleep(0.02)

    def complaints(self) -> list[str]:
        """What the console has said since it was asked last."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def faint(self) -> list[str]:
        """Elements whose words stand out too little from their ground (WCAG 2, AA)."""
        found: list[str] = self.run(_CONTRAST)
        return found

    def too_wide(self) -> list[object]:
        """What is wider than the window."""
        found: list[object] = self.run(_WIDER)
        return found
