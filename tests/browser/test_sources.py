"""A way in is set up at a desk, sends, is seen, and says why it refused; by keyboard where that is quicker."""

import http.client
import json

from playwright.sync_api import expect

from support.browser import axe_violations
from support.room import room, wait_for_open
from support.tour import TABLES


def post(made, token, body):
    connection = http.client.HTTPConnection(*made.address, timeout=10)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    connection.request("POST", "/api/v1/intake/signals", json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_a_source_is_added_sends_and_its_refusals_are_explained(tmp_path, sign_in):
    with room(tmp_path, **TABLES) as made:
        boss = sign_in(made, "Boss", ("administrator", "supervisor"))
        boss.press("g", "y")
        expect(boss.page.get_by_text("No source was set up")).to_be_visible()
        boss.page.get_by_role("button", name="Add a source").click()
        dialog = boss.page.get_by_role("dialog")
        for wrong, words in (("", "Give the number of an account"), ("9999", "There is no account 9999")):
            dialog.get_by_label("Account that it speaks for").fill(wrong)
            boss.press("Enter")
            expect(dialog.get_by_text(words)).to_be_visible()
        dialog.get_by_label("Account that it speaks for").fill("1003")
        boss.press("Enter")
        expect(boss.page.get_by_role("heading", level=1)).to_have_text("Depot hall")
        expect(boss.page.get_by_text("no token: nothing can come")).to_be_visible()
        boss.page.get_by_role("button", name="Make a token").click()
        token = dialog.locator("code").inner_text()
        assert axe_violations(boss.page) == []
        boss.page.keyboard.press("Escape")
        assert post(made, token, {"code": "smoke", "device": "gate-1"}) == 202
        assert post(made, token, {"code": "motion"}) == 400
        (incident,) = wait_for_open(made.person("Ana"), 1)
        assert (incident["type"], incident["account"], incident["zone"]) == ("FIRE-SMOKE", "1003", "GATE1")
        boss.page.get_by_role("button", name="Look again").click()
        expect(boss.page.get_by_role("row").filter(has_text="GATE1")).to_contain_text("▲ no")
        expect(boss.page.get_by_role("row").filter(has_text="intake.intrusion")).to_contain_text("1")
        boss.page.get_by_role("textbox", name="Message").fill('{"code":"person_count"}')
        boss.page.keyboard.press("Control+Enter")
        expect(boss.page.get_by_text("explanation/scope.md")).to_be_visible()
        boss.page.get_by_role("textbox", name="Message").fill('{"code":"gas","values":[{"value":70,"unit":"degF"}]}')
        boss.page.keyboard.press("Control+Enter")
        expect(boss.page.get_by_text("21.111 degC")).to_be_visible()
        assert axe_violations(boss.page) == []
        boss.page.get_by_role("button", name="Make a secret").click()
        dialog.get_by_role("button", name="Make a secret").click()
        expect(dialog.locator("code")).to_contain_text("whsec_")
        boss.page.keyboard.press("Escape")
        expect(boss.page.get_by_text("Each request must be signed")).to_be_visible()
        assert post(made, token, {"code": "smoke"}) == 403
        boss.page.get_by_role("button", name="Take signatures off").click()
        dialog.get_by_role("button", name="Take signatures off").click()
        expect(boss.page.get_by_text("None: its token is enough.")).to_be_visible()
        boss.page.get_by_role("button", name="Take out token").click()
        dialog.get_by_role("button", name="Take out").click()
        expect(boss.page.get_by_text("None: nothing can come.")).to_be_visible()
        assert post(made, token, {"code": "smoke"}) == 403
        boss.page.get_by_role("button", name="Remove the source").click()
        dialog.get_by_role("button", name="Remove the source").click()
        expect(boss.page.get_by_text("No source was set up")).to_be_visible()
        assert axe_violations(boss.page) == []


ALERT = '{"alerts": [{"status": "firing", "labels": {"kind": "wet", "sensor": "gate-1"}}]}'


def test_a_mapping_is_written_and_tried_on_a_pasted_message_and_a_test_goes_the_whole_way(tmp_path, sign_in):
    with room(tmp_path, **TABLES) as made:
        boss = sign_in(made, "Boss", ("administrator", "supervisor"))
        boss.press("g", "y")
        page, dialog = boss.page, boss.page.get_by_role("dialog")
        page.get_by_role("button", name="Add a source").click()
        dialog.get_by_label("Account that it speaks for").fill("1003")
        boss.press("Enter")
        page.get_by_role("button", name="Write a mapping").click()
        page.get_by_label("List of messages").fill("/alerts")
        page.get_by_label("Device", exact=True).fill("/labels/person")
        page.get_by_label("State", exact=True).fill("/status")
        page.get_by_label("State says: over").fill("resolved")
        page.get_by_label("Place of line 1").fill("/labels/kind")
        page.get_by_label("Value of line 1").fill("wet")
        page.get_by_label("Word of line 1").select_option("water")
        page.get_by_label("Message to try").fill(ALERT)
        expect(page.get_by_text("docs/explanation/scope.md")).to_be_visible()
        page.get_by_label("Device", exact=True).fill("/labels/sensor")
        expect(page.get_by_text("FLOOD-LEAK")).to_be_visible()
        assert axe_violations(page) == []
        page.get_by_role("button", name="Save the mapping").click()
        expect(page.get_by_text("The mapping was saved.")).to_be_visible()
        page.get_by_role("button", name="Make a token").click()
        token = dialog.locator("code").inner_text()
        page.keyboard.press("Escape")
        assert post(made, token, json.loads(ALERT)) == 202
        (incident,) = wait_for_open(made.person("Ana"), 1)
        assert (incident["type"], incident["zone"]) == ("FLOOD-LEAK", "GATE1")
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("Stored as")).to_be_visible()
        assert axe_violations(page) == []
        assert len(made.person("Ana").open_incidents()) == 1
