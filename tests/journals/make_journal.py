"""Write the journal of this release as later releases will find it: run once a release, before it, and committed.

    python tests/journals/make_journal.py tests/journals/0.1.0

A folder of a centre (packed), its export and what its accounts are. Never written again: what a release wrote stays.
"""

import contextlib
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.cores import rebuild_findings
from support.fakes import SECOND, CountingIds, ManualClock
from tocsin.centre.centre import Centre
from tocsin.centre.core import Core
from tocsin.centre.editing import Editor, Number
from tocsin.centre.journal_reading import JournalReading
from tocsin.centre.opening import create_folder, open_folder
from tocsin.centre.tables import KINDS as KINDS_OF_TABLES
from tocsin.centre.tables import plan_table
from tocsin.cli.journal import journal_app
from tocsin.journal.heads import append_head
from tocsin.model.access import LinkCreated, SessionEnded, SessionOpened, TokenCreated, TokenRevoked, UserRow
from tocsin.model.commands import AddNote, Claim, Close, Command, Release, Reopen
from tocsin.model.incidents import SignalQuarantined
from tocsin.model.journal import (
    KINDS,
    CentreNoticed,
    CentreStarted,
    CentreStopped,
    Fact,
    SoundChecked,
    VaultErased,
)
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.protocols.dc09.framing import StreamDecoder
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.protocols.dc09.stamps import format_stamp
from tocsin.rules.catalogue import shipped_catalogue
from tocsin.settings import default_toml, load

NOTE = "incident-text-0123456789abcdef"
USER = "user-7"

KEY = "00112233445566778899AABBCCDDEEFF"
ACCOUNTS = f"""account,site,name,key,key_form,receiver,line,category,late_max_s,duplicate_window_s,poll_602,carried_by
5512,Cold Store North,"Cold Store North, fire",,,,,DP3,,,yes,
5513,Bank Market Square,"Bank, intrusion",{KEY},hex,,,SP4,60,400,,
5514,Ferry Terminal,Küste »Nord«,,,1,2,SP2,off,,,
77A,Boatyard,Carried,{KEY},hex,,,,,,,5513
"""
SITES = 'name,address\nCold Store North,"Quay 3, gate »Nord«"\n'
ZONES = "account,zone,name,type\n5512,14,Boiler room,FIRE-SMOKE\n"
LATER = "account,name\n5512,Cold Store North again\n6000,New one\n9999,Known now\n"


def arrivals(snapshot, clock):
    """Frames of every form: both contents, several events, texts, users, values, encrypted, disputed, unknown."""

    def frame(account, data, n, *, token="SIA-DCS", key=None, blocks=(), receiver=None, line="0"):
        now = clock.now_us()
        raw = encode_frame(
            token=token,
            sequence=f"{n:04d}",
            receiver=receiver,
            line=line,
            account=account,
            data=data,
            blocks=blocks,
            timestamp=format_stamp(now),
            key=key,
            pad=b"x" * 20 if key else b"",
        )
        (piece,) = StreamDecoder().feed(raw)
        verdict = judge(piece, snapshot, ReceiverPolicy(), now)
        assert verdict.outcome == "accepted", verdict
        return to_arrival(verdict, peer="192.0.2.7:4000", transport="tcp", received_at=now, config=snapshot.config)

    key = bytes.fromhex(KEY)
    return [
        frame("5512", "#5512|Nri2/FA014^Boiler room^", 1),
        frame("5512", "#5512|Nri1/BA07^Rear door^/BA08/TA08|AStore room", 2),
        frame("5512", "#5512|1131 01 015", 3, token="ADM-CID", blocks=("H07:04:58,03-04-2027", "CDP3", "G2", "TF")),
        frame("5512", "#5512|3131 01 015", 4, token="ADM-CID"),
        frame("5513", "#5513|Nid42/OP042^A name^", 5, key=key),
        frame("5513", "#77A|NFA001", 6, key=key),
        frame("5512", "#5513|NFR001", 7),
        frame("5514", "#0012|Nri3/WA004*17C_", 8, receiver="1", line="2"),
        frame("9999", "#9999|NXX01", 9),
        frame("5512", "#5512|AText alone", 10),
        frame("5512", "#5512|NFT020", 11),
        frame("5512", "#5512|NFA020", 12),
        frame("5512", "#5512|NFR020", 13),
        frame("9999", "#9999|NFA01", 14),
    ]


def decide(journal):
    """Let the core decide on all that is stored."""
    while journal.is_core_behind:
        journal.store(())


def handle(core, journal, store):
    """Take one incident through everything that a person can do with it."""
    acts = (Claim(), AddNote(NOTE), Release(), Claim(), Close("unwanted", NOTE), Reopen("more_to_do"))
    incident = store.incidents("open", None, 1000)[-1]
    for number, act in enumerate(acts):
        command = Command(actor=USER, id=f"c{number}", incident=incident.id, version=incident.version, act=act)
        incident, _ = core.handle(journal, command)


def others(now):
    """One fact of each kind that nothing above makes, as the program writes it."""
    signal = SignalQuarantined(error="ZeroDivisionError", exercise=False, signal=None)
    return [
        Fact(kind="signal.quarantined", body=signal, cause=3),
        Fact(kind="user.set", body=UserRow(name="user-text-0123456789abcdef", roles=("operator",))),
        Fact(kind="link.created", body=LinkCreated(expires_at=now + 9, user=USER)),
        Fact(kind="session.opened", body=SessionOpened(expires_at=now + 9, link="link-9"), actor=USER),
        Fact(kind="session.ended", body=SessionEnded(reason="sign_out"), ref="session-9", actor=USER),
        Fact(kind="token.created", body=TokenCreated(expires_at=now + 9, scopes=("read",)), actor="cli"),
        Fact(kind="token.revoked", body=TokenRevoked(scopes=("read",)), ref="token-9", actor="cli"),
        Fact(kind="desk.sound_checked", body=SoundChecked(heard=True), actor=USER),
    ]


def bring(centre, kind, text):
    """Import a table."""
    centre.import_table(plan_table(KINDS_OF_TABLES[kind], centre, text.encode()), centre.config())


def edit(centre, store, clock):
    """What people change one by one, and read: something is removed, refused and taken back."""
    editor = Editor(centre.configuration, store, clock)
    bring(centre, "accounts", "account,site,name\n6001,Soon removed,Panel\n")
    account, site = store.accounts()[-1], store.sites()[-1]
    bring(centre, "zones", "account,zone,name\n6001,1,Hall\n")
    editor.remove_account(account.id, account.seq, USER)
    editor.remove_site(site.id, site.seq, USER)
    until = clock.now_us() + 86_400 * SECOND
    refused, back = (Number(account=number, receiver="1", line=None) for number in ("8888", "8887"))
    editor.refuse_number(refused, "silent", "scanner", until, USER)
    editor.refuse_number(back, "duh", "contract_ended", until, USER)
    editor.take_back(back, USER)
    JournalReading(store, centre.note, clock).page(USER, None, None, 10)


def fill(folder):
    """Make the centre and let it live for a while."""
    clock, ids = ManualClock(), CountingIds()
    (folder / "tocsin.toml").write_text(default_toml("Küstenwache »Nord«"), encoding="utf-8")
    settings = load(folder, {})
    create_folder(settings, {}, clock, ids, "example.org")
    opened = open_folder(settings, {}, ids)
    try:
        journal = opened.journal(clock, 3600 * SECOND)
        journal.record([Fact(kind="centre.started", body=CentreStarted(epoch=1, version="0.1.0"))])
        centre = Centre(
            store=opened.store,
            sealer=opened.vault,
            secrets=opened.vault,
            holders=opened.vault.holders,
            clock=clock,
            ids=ids,
            run=lambda work: work(journal),
        )
        for kind, table in (("sites", SITES), ("accounts", ACCOUNTS), ("zones", ZONES)):
            bring(centre, kind, table)
        core = Core(opened.store, clock, shipped_catalogue(), centre.places(), keeper=centre.keeper)
        journal.attach(core)
        journal.store(arrivals(centre.snapshot(), clock))
        decide(journal)
        clock.advance(11)
        journal.store(arrivals(centre.snapshot(), clock)[:3])
        append_head(settings.heads_path, opened.signer.sign(journal.head))
        clock.advance(60)
        bring(centre, "accounts", LATER)
        decide(journal)
        centre.open_rejected(10, "audit")
        edit(centre, opened.store, clock)
        handle(core, journal, opened.store)
        notice = CentreNoticed(account="5513", count=5, notice="account_refused", reason="downgrade")
        journal.record(
            [
                Fact(kind="centre.noticed", body=notice, ref="account-4"),
                Fact(kind="vault.erased", body=VaultErased(keys=(7, 8))),
                *others(clock.now_us()),
            ]
        )
        decide(journal)
        clock.wall_us -= 7200 * SECOND
        journal.store(arrivals(centre.snapshot(), clock)[3:4])
        decide(journal)
        journal.record([Fact(kind="centre.stopped", body=CentreStopped(epoch=1))])
        append_head(settings.heads_path, opened.signer.sign(journal.head))
        accounts = [msgspec.to_builtins(account) for account in opened.store.accounts()]
        assert rebuild_findings(opened.store) == []
        kinds = {stored.row.kind for stored in opened.store.entries(0, 1000)}
    finally:
        opened.close()
    missing = set(KINDS) - {"head.key_changed"} - kinds
    assert not missing, f"each kind is in it, but for {missing}"
    return accounts


def main(target):
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "centre"
        folder.mkdir()
        accounts = fill(folder)
        (target / "accounts.json").write_text(json.dumps(accounts, indent=1, ensure_ascii=False) + "\n", "utf-8")
        with contextlib.suppress(SystemExit):
            journal_app(["export", "--dir", str(folder), "--out", str(target / "export.jsonl")])
        with tarfile.open(target / "centre.tar.gz", "w:gz") as archive:
            for file in sorted(folder.iterdir()):
                if file.name in ("tocsin.toml", "tocsin.db", "keys.db", "master.key", "heads.txt"):
                    info = tarfile.TarInfo(file.name)
                    data = file.read_bytes()
                    info.size, info.mode = len(data), 0o600
                    archive.addfile(info, io.BytesIO(data))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
