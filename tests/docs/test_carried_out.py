"""The how-to pages' commands, carried out in their order at a centre that serves, and each `curl` that a page shows."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.room import Room
from support.server import Server, environment, make_centre, run_tocsin

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = DOCS / "how-to"
PAGES = (
    "set-up-sites-and-zones.md",
    "sign-in-and-tokens.md",
    "import-accounts.md",
    "unknown-accounts.md",
    "connect-a-panel.md",
    "simulate-panels.md",
    "verify-a-journal.md",
    "print-a-report.md",
)
LEFT_OUT = {
    "--follow": "goes on until somebody ends it",
    "--count 0": "goes on until somebody ends it",
    "--unsealed": "two persons must sign for it",
    "panel storm": "a load for a machine of its own",
    "--panels 50": "a load for a machine of its own",
    "--panels 500": "a load for a machine of its own",
    "--panels 20 ": "a load for a machine of its own",
    "break-in.toml": "its file is a block that tests/panel reads",
    "monday.jsonl": "a recording that only its owner has",
}
"""Commands that are understood (test_how_to.py), and not carried out here."""

KEY = "000102030405060708090a0b0c0d0e0f"
CURL_S = 30
FILES = {
    "accounts.csv": "account,site,name\n5512,Boiler house,Fire panel\n",
    "panel.csv": "account,site,name\n5513,Boiler house,Second panel\n",
    "new.csv": "account,site,name\n4221,Boiler house,Found panel\n",
    "old.csv": "Acct No;Premises;Equipment;Grade;Encryption key\n7001;Mill;Panel;Grade 2;\n",
    "panel.key": KEY,
}
pytestmark = [pytest.mark.slow, pytest.mark.requires("linux")]


def commands_of(page: str) -> list[str]:
    lines = re.findall(r"^ {4,}(tocsin [a-z].*)$", page, re.MULTILINE)
    return [line for line in lines if not any(words in line for words in LEFT_OUT)]


def tables_of(page: str) -> dict[str, str]:
    """Files that a page shows: "`sites.csv`, with a heading" and then the block."""
    shown = re.findall(r"`(\w+\.csv)`[^\n]*:\n\n((?: {4}\S.*\n)+)", page)
    return {name: re.sub(r"^ {4}", "", block, flags=re.MULTILINE) for name, block in shown}


SENDERS = "".join(f"56{count:02d},Boiler house,Sender {count},\n" for count in range(8))
"""Accounts that sources of pages speak for: each has one of its own."""


class Place:
    """A folder to type in, beside a centre that serves."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self.server = server

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """Type a command of a page; only folders, ports and ids are those of this centre."""
        typed = re.sub(r"--dir (?:DIR|/srv/centre)", "--dir centre", command)
        if "panel.key" in typed:  # one account has a key, and the other none
            typed = typed.replace("--account 5512", "--account 5514")
        if typed.startswith("tocsin panel"):
            typed = f"{typed.replace('--port 10000', '')} --port {self.server.dc09[1]}"
        if "token-17" in typed:
            typed = typed.replace(
                "token-17", re.findall(r"token-\d+", self.run("tocsin token list --dir centre").stdout)[0]
            )
        return self.run(typed)

    def run(self, typed: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        return subprocess.run(
            ["bash", "-c", typed], cwd=self.folder, env=environment({"PATH": path, **variables}), timeout=120,
            input="seven grey harbour lamps\n", capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("how-to")
    panels = f"5512,Boiler house,Panel,\n5514,Boiler house,Panel,{KEY}\n"
    make_centre(folder / "centre", f"account,site,name,key\n{panels}{SENDERS}")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for page in PAGES:
        text = (HOW_TO / page).read_text(encoding="utf-8")
        for name, table in tables_of(text).items():
            (folder / name).write_text(table, encoding="utf-8")
        if page == "import-accounts.md":
            (map_,) = re.findall(r"^ +```toml\n(.*?)^ +```", text, re.MULTILINE | re.DOTALL)
            (folder / "old.toml").write_text(re.sub(r"^ {3}", "", map_, flags=re.MULTILINE))
    with Server(folder / "centre") as server:
        yield Place(folder, server)


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_a_how_to_do_what_the_page_promises(place, page):
    typed = commands_of((HOW_TO / page).read_text(encoding="utf-8"))
    assert typed
    for command in typed:
        if "kept.txt" in command:
            head = re.search(r'"head_key":"([^"]+)"', (place.folder / "june.jsonl").read_text(encoding="utf-8"))
            assert head is not None
            (place.folder / "kept.txt").write_text(f"{head[1]}\n")
        done = place.type(command)
        assert done.returncode == 0, f"{page}: {command}\n{done.stdout}{done.stderr}"


WAYS = {
    "/intake/calls": {"pbx": {"hosts": [], "names": []}},
    "/intake/locations": {"way": "aml"},
    "/intake/signals": {"way": "webhook"},
}
SAYS = {"/intake/calls": '"ring', "/intake/locations": "", "/intake/signals": '"duplicate_of":null'}
"""What the answer holds of the thing that it tells."""


def token_of_a_source(server, way):
    """As the page of ways in makes one, for an account that has none yet."""
    boss = Room(server).person("Di", ("administrator",))
    taken = {one["account_id"] for one in boss.get("/sources")["items"]}
    account = next(one["id"] for one in boss.get("/accounts")["items"] if one["id"] not in taken)
    made = boss.ask("POST", "/api/v1/sources", {"account_id": account, **WAYS[way]}).json
    return boss.ask("POST", f"/api/v1/sources/{made['id']}/tokens", {"version": made["version"]}).json["secret"]


CURLS = [
    (page, line.strip())
    for page in sorted(DOCS.rglob("*.md"))
    for line in re.findall(r"^ *(curl .*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize(("page", "line"), CURLS, ids=[page.stem for page, _ in CURLS])
def test_curl_of_a_page_is_answered(place, page, line):
    made = run_tocsin("token", "create", "--scope", "read", "--dir", place.folder / "centre")
    (token,) = re.findall(r"^\s*(\S{32,})$", made.output, re.MULTILINE)
    typed = line.replace("127.0.0.1:8400", "{}:{}".format(*place.server.web))
    if "/intake/" in typed:
        way = next(one for one in WAYS if one in typed)
        done = place.run(f"{typed} --silent --fail", TOKEN=token_of_a_source(place.server, way))
        assert done.returncode == 0, f"{page}: {done.stdout}{done.stderr}"
        assert SAYS[way] in done.stdout
    elif "no-buffer" in typed:
        # The stream does not end: its first event is enough.
        typed = f"set -o pipefail; {typed} --silent --fail --max-time {CURL_S} | head -n 4"
        said = place.run(typed, TOKEN=token).stdout
        assert "retry: 1000" in said, f"{page}: {said}"
        assert "event: beat" in said, f"{page}: {said}"
    else:
        done = place.run(f"{typed} --silent --fail", TOKEN=token)
        assert done.returncode == 0, f"{page}: {done.stdout}{done.stderr}"
        assert '"items":' in done.stdout


def test_both_curls_are_found():
    assert len(CURLS) >= 2
