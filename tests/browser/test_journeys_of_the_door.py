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

from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import headed, look_closely, press, told
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
