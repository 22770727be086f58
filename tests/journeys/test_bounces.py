"""Mail that a real mail server takes, cannot deliver, and gives back: by its own report, through SMTP, to the API."""

import email
import http.client
import smtplib
import threading
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

import pytest
from aiosmtpd.controller import Controller

from support.centres import make_folder
from support.providers import fake_provider
from support.room import Room
from support.server import SETTINGS, Server, free_port, run_tocsin, wait_for

SENDER, DEAD = "centre@example.org", "dead@example.org"
CONFIG = """
[notify]
internal = ["{gateway}"]
[notify.email]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "centre@example.org"
[notify.gateway]
url = "http://{gateway}/gw"
account = "AC1"
token_file = "token"
sender = "+12025550100"
calls = true
"""


class MailServer:
    """It takes every mail. What is for others comes back to its sender; what is for the centre goes down its pipe."""

    def __init__(self):
        self.pipe = None
        """Given each report; what the API said of it is in `said`."""
        self.said = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self._controller.start()
        self.port = self._controller.port

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        work = self._deliver if SENDER in envelope.rcpt_tos else self._give_back
        threading.Thread(target=work, args=(envelope.mail_from, envelope.content), daemon=True).start()
        return "250 queued"

    def _deliver(self, sender, content):
        assert sender in ("", "<>"), "a report has no sender, so that it can never bounce"
        self.said.append(self.pipe(content))

    def _give_back(self, sender, content):
        """As RFC 3464 and 6522 have it, by the library's own parts."""
        report = MIMEMultipart("report", report_type="delivery-status")
        report["From"], report["To"] = "MAILER-DAEMON@mx.example.net", sender
        report["Subject"] = "Undelivered Mail Returned to Sender"
        report.attach(MIMEText("The mail could not be delivered: no such user.\n"))
        status = MIMEBase("message", "delivery-status")
        whole, one = email.message.Message(), email.message.Message()
        whole["Reporting-MTA"] = "dns; mx.example.net"
        one["Final-Recipient"], one["Action"], one["Status"] = f"rfc822; {DEAD}", "failed", "5.1.1"
        status.set_payload([whole, one])
        report.attach(status)
        report.attach(MIMEMessage(email.message_from_bytes(content)))
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as again:
            again.sendmail("", [sender], report.as_bytes(policy=SMTP))

    def close(self):
        self._controller.stop()


@pytest.fixture
def mails():
    made = MailServer()
    yield made
    made.close()


def test_mail_that_a_server_took_and_gives_back_leads_to_the_call_at_once(tmp_path, mails):
    folder = make_folder(tmp_path / "centre").folder
    with fake_provider() as gateway:
        gateway.answer = (201, {}, b'{"sid": "X1"}')
        (folder / "tocsin.toml").write_text(SETTINGS + CONFIG.format(gateway=gateway.address, port=mails.port))
        (folder / "token").write_text("pass\n")
        (folder / "accounts.csv").write_text("account\n1001\n")
        assert run_tocsin("import", "accounts", folder / "accounts.csv", "--dir", folder).status == 0
        token = run_tocsin("token", "create", "--scope", "intake", "--dir", folder).output.split()[0]
        with Server(folder) as server:
            room = Room(server)
            ana = room.person("Ana")

            def pipe(content):
                connection = http.client.HTTPConnection(*server.web, timeout=20)
                headers = {"authorization": f"Bearer {token}", "content-type": "message/rfc822"}
                connection.request("POST", "/api/v1/notices/bounces", content, headers)
                answer = connection.getresponse()
                said = answer.status, answer.read().decode()
                connection.close()
                return said

            mails.pipe = pipe
            for channel, address in (("email", DEAD), ("voice", "+12025550177")):
                assert ana.ask("POST", "/api/v1/me/contacts", {"channel": channel, "address": address}).status == 201
            assert ana.ask("PUT", "/api/v1/me/reach", {"kind": "from_home"}).status == 200
            room.alarm("1001", "FA")
            (incident,) = wait_for(ana.open_incidents, 10, "an incident")
            path, key = f"/api/v1/incidents/{incident['id']}/notify", {"idempotency-key": "bounce-1"}
            assert ana.ask("POST", path, {"users": [ana.id]}, **key).status == 200
            (call,) = gateway.wait(1, 10)  # 20 s after the mail, had it not come back
            assert (call.path, call.form["To"]) == ("/gw/Calls.json", "+12025550177")
            assert mails.said == [(200, '{"outcome":"noted"}')]
            (notice,) = ana.get("/notices?limit=10")["items"]
            assert [(one["channel"], one["state"], one["reason"]) for one in notice["attempts"]][:1] == [
                ("email", "failed", "bounced")
            ]
