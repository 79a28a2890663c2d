"""Coming in: the square on the screen that changes, a participant's own code, and the facilitator's camera."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from planner.cli.demo.report import Report
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import follow, headed, look_closely, personal_page, press, told
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("as_loaded")


def read_square(square: Locator) -> str:
    """What a camera reads."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(square.screenshot())))
    return found.text


def shown_step(screen: Page) -> str:
    square = screen.locator("[data-qr]")
    expect(square).to_have_attribute("data-shown", re.compile(r"\d+"))
    return square.get_attribute("data-shown")


def test_square_on_the_screen_checks_people_in_and_the_count_follows(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    screen = signed_in("handledare", language="en")
    screen.goto("/sessions/{now}/check-in".format_map(places))
    shown_step(screen)
    look_closely(screen)
    here = screen.locator("[data-here]")
    before = int(here.inner_text().split()[0])

    phone = visit(language="en", width=390, has_touch=True)
    phone.goto(read_square(screen.locator("[data-qr]")))
    phone.fill("#email", "alva.kvist@stora.example")
    press(phone, "Check in")
    headed(phone, "You are checked in")
    expect(here).to_have_text(re.compile(f"^{before + 1} of "), timeout=15_000)

    press(screen, "Full screen")
    expect(screen.locator(".screen-title")).to_be_visible()
    assert read_square(screen.locator("[data-qr]")).startswith(phone.url.split("/check-in")[0])


def test_square_on_the_screen_is_another_one_each_half_minute(
    signed_in: Visit, visit: Visit, places: dict[str, object], at: Callable[..., Any]
) -> None:
    screen = signed_in("handledare", language="en")
    screen.clock.install()  # the page's clock, moved by hand
    screen.goto("/sessions/{now}/check-in".format_map(places))
    first = int(shown_step(screen))
    photo = read_square(screen.locator("[data-qr]"))
    screen.context.set_offline(True)
    screen.clock.fast_forward(31_000)
    expect(screen.locator("[data-qr]")).to_have_attribute("data-shown", str(first + 1))
    assert read_square(screen.locator("[data-qr]")) != photo
    expect(screen.locator("[data-known]")).to_contain_text("Last known 10:")
    check_accessible(screen)

    with at(NOW + timedelta(minutes=3)):
        phone = visit(language="en", width=390)
        assert phone.goto(photo).status == 410
        told(phone, "This code has gone out.")
        check_accessible(phone)


# A camera in front of which the test holds codes: the stream is a drawn canvas, the detector says what is held.
CAMERA = """
    window.held = [];
    window.BarcodeDetector = class { async detect() { return window.held.map((rawValue) => ({ rawValue })); } };
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    setInterval(() => { pen.fillStyle = `rgb(${Date.now() % 255} 0 0)`; pen.fillRect(0, 0, 99, 99); }, 50);
    const media = { getUserMedia: async () => canvas.captureStream() };
    Object.defineProperty(navigator, "mediaDevices", { value: media });
"""


def own_code(visit: Visit, offers: Report, who: str) -> tuple[str, bytes]:
    """The code on somebody's own page as text, and as a photo of their telephone."""
    phone = visit(language="en", width=390)
    phone.goto(personal_page(offers, who))
    follow(phone, "Your own code")
    look_closely(phone)
    card = phone.locator(".badge-card")
    card.locator("img").evaluate("image => image.decode()")
    code = card.locator("figcaption").inner_text()
    assert read_square(card) == code
    return code, card.screenshot()


def test_own_code_is_read_from_a_photo_where_the_browser_cannot(
    signed_in: Visit, visit: Visit, offers: Report, places: dict[str, object]
) -> None:
    code, photo = own_code(visit, offers, "Björk Hyvel")
    phone = signed_in("handledare", language="en", width=390, has_touch=True)
    phone.goto("/sessions/{now}/attendance".format_map(places))
    follow(phone, "Scan codes")
    expect(phone.get_by_role("button", name="Start the camera")).to_be_hidden()
    look_closely(phone)
    phone.set_input_files("#photo", {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(phone.locator(".error-summary")).to_contain_text("This picture cannot be read.")
    check_accessible(phone)
    phone.set_input_files("#photo", {"name": "own.png", "mimeType": "image/png", "buffer": photo})
    told(phone, "Björk Hyvel is here.")
    phone.fill("#code", code.lower())
    press(phone, "Mark as present")
    told(phone, "Björk Hyvel is already noted as here.")


def test_camera_reads_one_own_code_after_the_other(
    signed_in: Visit, visit: Visit, offers: Report, places: dict[str, object]
) -> None:
    expected, _photo = own_code(visit, offers, "Björk Hyvel")
    other = next(
        link.who for link in offers.links if ", participant," in link.who and "Björk" not in link.who
    )
    unexpected, _photo = own_code(visit, offers, other)
    phone = signed_in("handledare", language="en", width=390, has_touch=True)
    phone.add_init_script(CAMERA)
    phone.goto("/sessions/{now}/attendance/scan".format_map(places))
    press(phone, "Start the camera")
    said = phone.locator("[data-told]")
    for held, answer in (
        (expected, "Björk Hyvel is here."),
        ("https://elsewhere.example", "This is nobody's code. Find the person on the list instead."),
        (unexpected, f"{other.split(',')[0]} is not on the list."),
    ):
        phone.evaluate("code => { window.held = [code]; }", held)
        expect(said).to_have_text(answer)
        check_accessible(phone)
    phone.evaluate("window.held = []")
    press(phone, "Add as a walk-in")
    expect(said).to_have_text(f"{other.split(',')[0]} is here.")

    phone.context.set_offline(True)
    phone.evaluate("window.held = ['27-KX4PQ-M2ZRT']")
    expect(said).to_have_text("No network right now. Mark the person on the list: it arrives later.")
