"""A centre in this process that takes mail on a real socket, and who sends it."""

import asyncio
import smtplib
import socket

import msgspec

from support.centres import held, make_folder
from support.fakes import ManualClock
from tocsin.centre.categories import shipped_categories
from tocsin.centre.core import Core
from tocsin.centre.mail_still_worker import draw_mail
from tocsin.centre.supervision import Watch
from tocsin.intake.mail.pictures import MailPictures
from tocsin.intake.mail.receiver import Mails
from tocsin.intake.webhook.counts import SourceTally
from tocsin.model.sources import MailLine, MailWay, SourceRow
from tocsin.model.values import Actor
from tocsin.rules.catalogue import shipped_catalogue

SENDER = "panel@site.example"
LINES = (MailLine(pattern="Zone * in alarm", word="smoke"),)
MAIL = "From: panel@site.example\r\nSubject: Zone 3 in alarm\r\nMessage-ID: <1@panel>\r\n\r\nAnna Muster\r\n"


class AtWork:
    """A centre in this process that takes mail; stored at once, or not, as a test says."""

    def __init__(self, centre, lines=LINES, tls=None, has_core=False):
        self.centre = centre
        self.fault = None
        self.order = []
        self.waiting_signals = 0
        self.watch = Watch(b"k" * 32, centre.clock, shipped_categories())
        self.watch.use(centre.centre.snapshot())
        self.tally = SourceTally(None)
        (account,) = centre.store.accounts()
        row = SourceRow(account_id=account.id, mail=MailWay(lines=lines), way="mail")
        self.source = centre.centre.sources.make(row, Actor("cli"), ([SENDER], ["127.0.0.0/8"]))
        self.door = centre.centre.sources.door(self.source.id)
        self.mails = Mails(
            domain="mail.example",
            tls=tls,
            store=centre.store,
            writer=self,
            tally=self.tally,
            watch=self.watch,
            clock=centre.clock,
            queue_max=10,
            secrets=centre.vault,
            pictures=MailPictures(
                stills=centre.centre.stills,
                store=centre.store,
                tally=self.tally,
                clock=centre.clock,
                draw=lambda *asked: self.draw(*asked),
            ),
        )
        if has_core:
            core = Core(
                centre.store, centre.clock, shipped_catalogue(), centre.centre.places(), keeper=centre.centre.keeper,
                follower=centre.centre.escalating, planner=centre.centre.planning,
            )  # fmt: skip
            centre.journal.attach(core)
            centre.centre.use_core(core)
        self.mails.use(centre.centre.snapshot())
        self.to = self.mails.address_of(self.door)

    async def draw(self, content, most):
        """As the process beside the centre does."""
        return msgspec.msgpack.encode(await asyncio.to_thread(draw_mail, content, int(most)))

    def submit(self, arrival, tag):
        """As the writer takes it."""
        if self.fault is not None:
            tag.answer.set_exception(self.fault)
            return
        (receipt,) = self.centre.journal.store([arrival])
        self.centre.journal.store([])  # a core decides with the next batch
        self.order.append("stored")
        tag.answer.set_result(receipt)

    def counts(self):
        found = self.tally.of(self.source.id)
        return found.received, found.stored, found.repeated, {rule: one.count for rule, one in found.refused.items()}

    def send(self, text=MAIL, sender=SENDER, to=None):
        """What a sender is told: the code and words of the answer that ended it."""
        with smtplib.SMTP(*self.address, timeout=10) as client:
            try:
                client.sendmail(sender, [to or self.to], text)
            except smtplib.SMTPRecipientsRefused as error:
                (said,) = error.recipients.values()
                return said[0], said[1].decode()
            except smtplib.SMTPResponseException as error:
                return error.smtp_code, error.smtp_error.decode()
            return 250, ""


def run(tmp_path, story, **options):
    """Tell a story, in a thread, to a centre that takes mail; `options` are AtWork's."""

    async def tell():
        clock = ManualClock()
        with held(make_folder(tmp_path / "centre", clock=clock), clock=clock) as centre:
            centre.add(b"account\n1001\n")
            work = AtWork(centre, **options)
            work.loop = asyncio.get_running_loop()
            listener = socket.create_server(("127.0.0.1", 0))
            listener.setblocking(False)
            work.address = listener.getsockname()[:2]
            await work.mails.serve(listener)
            try:
                await asyncio.to_thread(story, work)
            finally:
                await work.mails.close()

    asyncio.run(tell())


def signals(work):
    return [
        msgspec.json.decode(one.row.entry)["body"]
        for one in work.centre.store.entries(0, 1000)
        if one.row.kind == "signal"
    ]
