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

from support.fakes import SECOND, CountingIds, ManualClock
from tocsin.centre.centre import Centre
from tocsin.centre.opening import create_folder, open_folder
from tocsin.centre.tables import KINDS as KINDS_OF_TABLES
from tocsin.centre.tables import plan_table
from tocsin.cli.journal import journal_app
from tocsin.journal.heads import append_head
from tocsin.model.journal import KINDS, CentreNoticed, CentreStarted, CentreStopped, Fact, VaultErased
from tocsin.protocols.dc09.encode import encode_frame
from tocsin.protocols.dc09.framing import StreamDecoder
from tocsin.protocols.dc09.judge import ReceiverPolicy, judge
from tocsin.protocols.dc09.signals import to_arrival
from tocsin.protocols.dc09.stamps import format_stamp
from tocsin.settings import default_toml, load

KEY = "00112233445566778899AABBCCDDEEFF"
ACCOUNTS = f"""account,site,name,key,key_form,receiver,line,category,late_max_s,duplicate_window_s,poll_602,carried_by
5512,Cold Store North,"Cold Store North, fire",,,,,DP3,,,yes,
5513,Bank Market Square,"Bank, intrusion",{KEY},hex,,,SP4,60,400,,
5514,Ferry Terminal,Küste »Nord«,,,1,2,SP2,off,,,
77A,Boatyard,Carried,{KEY},hex,,,,,,,5513
"""
LATER = "account,name\n5512,Cold Store North again\n6000,New one\n"


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
    ]


def bring(centre, kind, text):
    """Import a table."""
    centre.import_table(plan_table(KINDS_OF_TABLES[kind], centre, text.encode()), centre.config())


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
            store=opened.store, sealer=opened.vault, secrets=opened.vault, ids=ids, run=lambda work: work(journal)
        )
        bring(centre, "accounts", ACCOUNTS)
        journal.store(arrivals(centre.snapshot(), clock))
        clock.advance(11)
        journal.store(arrivals(centre.snapshot(), clock)[:3])
        append_head(settings.heads_path, opened.signer.sign(journal.head))
        clock.advance(60)
        bring(centre, "accounts", LATER)
        centre.open_rejected(10, "audit")
        notice = CentreNoticed(account="5513", count=5, notice="account_refused", reason="downgrade")
        journal.record(
            [
                Fact(kind="centre.noticed", body=notice, ref="account-4"),
                Fact(kind="vault.erased", body=VaultErased(keys=(7, 8))),
            ]
        )
        clock.wall_us -= 7200 * SECOND
        journal.store(arrivals(centre.snapshot(), clock)[3:4])
        journal.record([Fact(kind="centre.stopped", body=CentreStopped(epoch=1))])
        append_head(settings.heads_path, opened.signer.sign(journal.head))
        accounts = [msgspec.to_builtins(account) for account in opened.store.accounts()]
        kinds = {stored.row.kind for stored in opened.store.entries(0, 1000)}
    finally:
        opened.close()
    assert kinds == set(KINDS) - {"head.key_changed"}, "each kind is in it"
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
