"""The pages without scripts, used as a browser uses them: pages are read, forms are filled in and sent."""

import html
import re
from html.parser import HTMLParser

import httpx
import pytest

from support.centres import HeldCentre, make_folder
from support.in_process import frame, serving
from tocsin.centre.table_files import PLAIN
from tocsin.centre.tables import KINDS
from tocsin.model.values import Actor

ACCOUNT_CSV = b"account,site,name\n4102,Boiler house,Panel in the cellar\n"


class Page(HTMLParser):
    """What a page says, and the forms on it."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.status, self.text = answer, answer.status_code, ""
        self.forms, self.links, self.heading = [], {}, ""
        self._link = self._form = None
        self._is_heading = False
        self.feed(answer.text)
        self.words = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "a":
            self._link = found["href"]
        elif tag == "h1":
            self._is_heading = True
        elif tag == "form":
            self._form = {"action": found["action"], "fields": {}}
            self.forms.append(self._form)
        elif tag in ("input", "textarea", "select") and self._form is not None:
            self._form["fields"][found["name"]] = found.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = None
        elif tag == "h1":
            self._is_heading = False

    def handle_data(self, data):
        if self._link is not None:
            self.links[data.strip()] = self._link
        if self._is_heading:
            self.heading = f"{self.heading} {data.strip()}".strip()

    def form(self, end):
        [found] = [form for form in self.forms if form["action"].endswith(end)]
        return found


class Browser:
    """Somebody with a browser and no scripts."""

    def __init__(self, centre, name, *roles):
        service = centre.service
        self.id = service._access.set_user(name, roles, Actor("cli"))
        link = service._access.create_link(self.id, Actor("cli"))
        self.client = httpx.Client(base_url=service.web_url, headers={"accept": "text/html"}, trust_env=False)
        assert self.client.post(f"/sign-in/{link.secret}").status_code == 303

    def open(self, path):
        return Page(self.client.get(path))

    def send(self, form, **fields):
        """Send a form, and open the page that it leads to."""
        answer = self.client.post(form["action"], data=form["fields"] | fields)
        if answer.status_code == 303:
            return self.open(answer.headers["location"])
        return Page(answer)


@pytest.fixture
def centre(tmp_path):
    settings = make_folder(tmp_path / "centre")
    held = HeldCentre(settings)
    held.add(ACCOUNT_CSV)
    held.close()
    with serving(settings) as made:
        yield made


@pytest.fixture
def browsers(centre):
    made = []

    def make(name, *roles):
        made.append(Browser(centre, name, *(roles or ("operator",))))
        return made[-1]

    yield make
    for browser in made:
        browser.client.close()


def fire(centre, account="4102", sequence=1, data=None):
    assert centre.send(frame(account, sequence, data=data or f"#{account}|Nri1/FA01")) == ["ACK"]


def queue_with(browser, words, deadline=200):
    """The queue, once it shows these words: what was stored is decided on a moment later."""
    for _ in range(deadline):
        page = browser.open("/lite")
        if words in page.words:
            return page
    raise AssertionError(page.words)


def incident_page(browser, queue):
    [path] = {link for link in queue.links.values() if link.startswith("/lite/incidents/")}
    return browser.open(path)


def test_alarm_of_a_panel_is_claimed_noted_and_closed_without_scripts(centre, browsers):
    ana = browsers("Ana Horvat")
    assert "No incident is open." in ana.open("/lite").words
    fire(centre)
    queue = queue_with(ana, "1 open")
    assert queue.heading == "Queue: 1 open"
    assert "Boiler house" in queue.words
    assert "nobody" in queue.words
    page = incident_page(ana, queue)
    assert "Boiler house" in page.words
    page = ana.send(page.form("/claim"))
    assert "Who has it Ana Horvat" in page.words
    assert "Ana Horvat claimed" in page.words
    page = ana.send(page.form("/note"), text="Caller says:\r\nmarzipan <b>in</b> the hall  ")
    assert "marzipan" not in page.words
    texts = ana.open(page.links["Notes and texts of panels"])
    assert "Ana Horvat Caller says: marzipan <b>in</b> the hall" in texts.words
    assert "<b>in" not in texts.answer.text
    page = ana.open(texts.links["Back to the incident"])
    assert "Ana Horvat read the texts" in page.words
    queue = ana.send(page.form("/close"), disposition="unwanted", waive="not_needed", note="Burnt toast")
    assert queue.heading == "Queue: 0 open"
    closed = ana.open(queue.links["Closed"])
    assert closed.heading == "Closed: 1"
    assert "Ana Horvat Unwanted: an alarm without its hazard" in closed.words
    page = incident_page(ana, closed)
    assert "State closed Who handled it Ana Horvat" in page.words
    assert "What it was Unwanted: an alarm without its hazard" in page.words
    assert page.words.index("Ana Horvat closed it.") < page.words.index("Ana Horvat claimed it."), "newest first"
    assert [form["action"].rpartition("/")[2] for form in page.forms] == ["lock", "sign-out", "reopen"]
    page = ana.send(page.form("/reopen"), reason="more_to_do")
    assert "State open" in page.words
    assert "Who has it Ana Horvat" in page.words
    page = ana.send(page.form("/release"))
    assert "Who has it nobody" in page.words


def test_closed_incidents_are_ones_own_and_for_a_supervisor_all(centre, browsers):
    ana, bo, sue = browsers("Ana"), browsers("Bo"), browsers("Sue", "supervisor")
    fire(centre)
    page = ana.send(incident_page(ana, queue_with(ana, "1 open")).form("/claim"))
    ana.send(page.form("/close"), disposition="real", waive="not_needed")
    seen = [browser.open("/lite/closed") for browser in (ana, bo, sue)]
    assert [page.heading for page in seen] == ["Closed: 1", "Closed: 0", "Closed: 1"]
    assert "those that you handled" in seen[1].words
    assert "those that you handled" not in seen[2].words
    page = sue.send(incident_page(sue, seen[2]).form("/reopen"), reason="closed_by_mistake")
    assert "Who has it Sue" in page.words


def test_incident_says_how_many_signals_confirm_it_and_what_became_of_each(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    fire(centre, sequence=2, data="#4102|Nri1/FA02")
    page = incident_page(ana, queue_with(ana, "confirmed 2 signals"))
    assert "State open, active, confirmed" in page.words
    assert "Signals 2 Where" in page.words
    assert "Why Type and priority are those of its code in the code table. Joined: the same site" in page.words
    assert "joined: Joined" not in page.words
    assert "Opened: Type and priority" in page.words


def test_zone_in_the_time_line_has_the_name_that_signals_have(centre, browsers):
    remote, table = centre.remote, KINDS["zones"]
    data = b"account,zone,name\n4102,1,Smoke detector cellar\n"
    plan = table.plan(data, "csv", table.known(remote), PLAIN, lambda done, total: None, remote.same_keys)
    remote.import_table(plan, remote.config())
    ana = browsers("Ana")
    fire(centre)
    page = incident_page(ana, queue_with(ana, "1 open"))
    assert re.search(r"FA [^,]*, Smoke detector cellar \(zone 1\)\.", page.words), page.words


def test_who_comes_second_is_told_who_was_first_and_may_take_over(centre, browsers):
    ana, bo = browsers("Ana Horvat"), browsers("Bo Novak")
    fire(centre)
    queue = queue_with(ana, "1 open")
    late = incident_page(bo, queue)
    ana.send(incident_page(ana, queue).form("/claim"))
    answer = bo.send(late.form("/claim"))
    assert (answer.status, answer.heading) == (409, "Not done")
    assert "Ana Horvat claimed this" in answer.words
    page = bo.open(answer.links["See it as it is now"])
    assert "Ana Horvat has it" in page.words
    assert [form["action"].rpartition("/")[2] for form in page.forms] == ["lock", "sign-out", "claim", "note"]
    page = bo.send(page.form("/claim"))
    assert "Who has it Bo Novak" in page.words


def test_form_that_is_sent_twice_does_it_once(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    page = ana.send(incident_page(ana, queue_with(ana, "1 open")).form("/claim"))
    form = page.form("/note")
    for _ in range(3):
        page = ana.send(form, text="once")
    assert page.words.count("Ana wrote a note") == 1


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("note", {"text": ""}),
        ("note", {"text": "   \n "}),
        ("note", {"text": "x" * 2001}),
        ("close", {"disposition": ""}),
        ("close", {"disposition": "nonsense"}),
        ("close", {"disposition": "real", "version": "x"}),
        ("note", {"text": "x", "key": ""}),
        ("note", {"text": "x", "key": "../../etc"}),
    ],
)
def test_form_that_is_not_filled_in_changes_nothing_and_says_so(centre, browsers, act, fields):
    ana = browsers("Ana")
    fire(centre)
    page = ana.send(incident_page(ana, queue_with(ana, "1 open")).form("/claim"))
    answer = ana.send(page.form(f"/{act}"), **fields)
    assert (answer.status, answer.heading) == (400, "Bad Request")
    assert "Nothing was changed" in answer.words
    again = ana.open(page.answer.request.url.path)
    assert again.form("/note")["fields"]["version"] == page.form("/note")["fields"]["version"]


def test_huge_form_is_refused(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    page = incident_page(ana, queue_with(ana, "1 open"))
    assert ana.send(page.form("/note"), text="x" * 50_000).status == 413


def test_form_without_its_token_or_from_another_page_does_nothing(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    page = incident_page(ana, queue_with(ana, "1 open"))
    form = page.form("/claim")
    assert ana.send(form, csrf="0" * 40).status == 403
    answer = ana.client.post(form["action"], data=form["fields"], headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Who has it nobody" in ana.open(page.answer.request.url.path).words


@pytest.mark.parametrize("path", ["/lite/incidents/incident-999", "/lite/incidents/x", "/lite/incidents/incident-1/x"])
def test_incident_that_is_not_there_is_said_so(browsers, path):
    page = browsers("Ana").open(path)
    assert page.status in (404, 405)
    assert page.heading in ("Not Found", "Method Not Allowed")


def test_act_that_does_not_exist_is_refused(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    form = incident_page(ana, queue_with(ana, "1 open")).form("/claim")
    assert ana.send({**form, "action": form["action"].replace("/claim", "/delete")}).status == 404


def test_auditor_sees_no_incident(centre, browsers):
    fire(centre)
    page = browsers("Di", "auditor").open("/lite")
    assert (page.status, page.heading) == (403, "Forbidden")


def test_alarm_of_an_unknown_account_says_so(centre, browsers):
    ana = browsers("Ana")
    fire(centre, account="7777")
    page = incident_page(ana, queue_with(ana, "1 open"))
    assert "7777 (unknown: nobody set it up)" in page.words


def test_names_of_places_are_shown_as_text(tmp_path):
    settings = make_folder(tmp_path / "centre")
    held = HeldCentre(settings)
    held.add(b'account,site,name\n4102,"<script>alert(1)</script>","<img src=x>"\n')
    held.close()
    with serving(settings) as centre:
        ana = Browser(centre, "Ana <i>", "operator")
        fire(centre)
        queue = queue_with(ana, "1 open")
        page = incident_page(ana, queue)
        for text in (queue.answer.text, page.answer.text):
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
            assert "<script" not in text
            assert "<img" not in text
            assert "Ana &lt;i&gt;" in text
        ana.client.close()


def test_page_renews_itself_only_where_somebody_chose_that(browsers):
    ana = browsers("Ana")
    page = ana.open("/lite")
    assert "refresh" not in page.answer.headers
    assert "This page does not change by itself" in page.words
    renewing = ana.open(page.links["renew it every 15 s"])
    assert renewing.answer.headers["refresh"] == "15"
    assert "refresh" not in ana.open(renewing.links["Stop that"]).answer.headers


def test_queue_comes_in_pages_of_a_hundred(centre, browsers):
    ana = browsers("Ana")
    for number in range(120):
        fire(centre, account=f"8{number:03}", sequence=number + 1)
    first = queue_with(ana, "120 open", 2000)
    rows = [link for link in first.links.values() if link.startswith("/lite/incidents/")]
    second = ana.open(first.links["Next page"])
    more = [link for link in second.links.values() if link.startswith("/lite/incidents/")]
    assert (len(rows), len(more), len({*rows, *more})) == (100, 20, 120)
    assert "Next page" not in second.links
    assert ana.open("/lite?after=nonsense").status == 400


def test_sign_out_leads_to_the_sign_in_page_and_back_is_no_way_in(browsers):
    ana = browsers("Ana")
    page = ana.send(ana.open("/lite").form("/sign-out"))
    assert page.heading == "Sign in to Control room"
    answer = ana.client.get("/lite")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_every_control_has_a_name_and_every_page_one_heading(centre, browsers):
    ana = browsers("Ana")
    fire(centre)
    page = ana.send(incident_page(ana, queue_with(ana, "1 open")).form("/claim"))
    for shown in (ana.open("/lite"), page, ana.open(page.answer.request.url.path + "/texts")):
        text = shown.answer.text
        assert text.count("<h1") == 1
        assert '<html lang="en">' in text
        assert "<main" in text
        labelled = set(re.findall(r'<label for="([^"]+)"', text))
        assert set(re.findall(r'<(?:textarea|select) id="([^"]+)"', text)) == labelled
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert re.findall(r"<script|<style| style=| on\w+=|https?://", text) == []
