"""The phone of somebody on duty, in a browser."""

from playwright.sync_api import expect

from support.people_on_screen import come_in, with_password
from support.screens import Screen

PHONE = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
GONE = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_ABORTED"


def phone_of(centre, open_window, **options):
    """Dee's phone, signed in, at the phone page, which it keeps from now on."""
    with_password(centre, "Dee", ("responder",))
    made = Screen(open_window(centre.origin, **PHONE, **options), centre)
    made.guard.allow(f"{GONE}|Failed to load resource")
    page = made.page
    page.goto("/duty")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Your name")).to_be_visible()
    come_in(made, "Dee")
    expect(page.get_by_text("Connected")).to_be_visible()
    expect(page.get_by_role("heading", name="What is it?")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return made
