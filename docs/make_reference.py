"""Writes the pages of the reference that the program itself can tell: settings.md, commands.md and api.md.

In access.md it writes the tables of permissions and of two persons, between their marks.

Run by `make docs`.

A test compares the pages with what this would write, so that neither drifts from the other.
"""

import contextlib
import importlib
import io
import os
from pathlib import Path

import typer
from typer.main import get_command

from tocsin.cli import COMMANDS, main
from tocsin.model.access import ACTS, ROLES, SCOPES
from tocsin.settings import describe
from tocsin.web.openapi import openapi_document
from tocsin.web.permissions import LOCKED_PERMISSIONS, PUBLIC, ROLE_WORDS, SCOPE_PERMISSIONS, TABLE

FOLDER = Path(__file__).parent / "reference"

SETTINGS_HEAD = """\
# Settings

Settings of one process stand in `tocsin.toml` in the centre's folder. `tocsin init` writes the file with every setting
at its default. Sites, accounts and people are no settings: they are imported (`tocsin import`), and every change is a
fact in the journal.

- An environment variable goes before the file: `TOCSIN_`, the section and the key in capitals, joined by two
  underscores, as in `TOCSIN_RECEIVERS__DC09__CONNECTIONS_MAX=2000`. Its value is read as TOML where that fits the
  setting (`["0.0.0.0:10000"]`), else as plain text.
- An unknown key, or a variable of an unknown key, is an error that names the nearest known one. The process then does
  not start.
- A path without a leading slash starts at the centre's folder.
- A change takes effect at the next start.
"""

TABLE_HEAD = "| setting | default | allowed | meaning |\n|---|---|---|---|"

SECTIONS = {
    "centre": "The centre",
    "storage": "Storage",
    "web": "HTTP",
    "receivers.dc09": "The DC-09 receiver",
    "receivers.mail": "mail of machines ([how](../how-to/take-mail.md))",
    "receivers.mqtt": "the broker that sources send to ([how](../how-to/connect-a-broker.md))",
    "receivers.dc09.tls": "The DC-09 receiver inside TLS",
    "supervision": "Supervision",
    "escalation": "Escalation",
    "figures": "Figures and profiles",
    "duty": "Staff on duty ([how](../how-to/let-staff-report.md))",
    "on_test": "Places on test",
    "shifts": "Desks and shifts",
    "paper": "Paper for a blackout ([how](../how-to/paper-for-a-blackout.md))",
    "vault": "The vault",
    "retention": "How long personal data are kept",
    "journal": "The journal",
    "notify": "Reaching people",
    "notify.email": "Notices by e-mail",
    "notify.email.second": "The second mail server",
    "notify.gateway": "Text messages and calls",
    "notify.gateway.second": "The second provider of them",
    "notify.push": "Notices to browsers",
    "notify.webhook": "Notices to programs",
    "telephone": "Calls by the telephone system ([how](../how-to/connect-a-telephone-system.md))",
}

COMMANDS_HEAD = """\
# Commands

What `--help` says, command by command. Exit status: 0 done, 1 the job failed, 2 wrong use, 130 interrupted; where a
command has others, its help says so. Errors are one sentence on stderr that ends with a code ([errors](errors.md)).
"""


def settings_page() -> str:
    """The page of the settings."""
    lines = [SETTINGS_HEAD]
    section = ""
    for setting in describe():
        if setting.section != section:
            section = setting.section
            lines.append(f"\n## `[{section}]` {SECTIONS[section]}\n\n{TABLE_HEAD}")
        default = f"`{setting.default}`" if setting.default else "none"
        lines.append(f"| `{section}.{setting.key}` | {default} | {setting.allowed} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The page of the commands: each one's own help, and that of the commands below it."""
    parts = [COMMANDS_HEAD]
    for name in COMMANDS:
        parts.append(f"## `tocsin {name}`\n")
        parts += [f"```text\n{_help(words)}```\n" for words in ([name], *([name, below] for below in _below(name)))]
    return "\n".join(parts)


API_HEAD = """\
# API

What the centre answers over HTTP, under the address that `tocsin serve` prints. `/api/openapi.json` says all of it in
full, with every field and limit (OpenAPI 3.1); `python -m tocsin.web.openapi` prints the same without a centre.

- **Who asks**: a session's cookie, or `Authorization: Bearer TOKEN` ([access](access.md)). What changes something for a
  session also needs its `X-CSRF-Token`; `GET /api/v1/session` tells it. Each address needs the permission in the table.
- **Forms**: JSON both ways, imports and exports as CSV. Times are integers, microseconds since 1970 UTC. Numbers fit
  into 53 bits. A field that an address does not know is refused.
- **Commands** on incidents need an `Idempotency-Key` of 1 to 64 letters, digits, `-` or `_`: the same command again
  gets the same answer for 30 days.
- **Pages of a list**: `next` of one page is `after` of the following; null is the end.
- **What goes wrong** is a problem document (RFC 9457, `application/problem+json`) with `code`, which does not change,
  and `detail`, a sentence with the remedy ([errors](errors.md)). 401: nobody is known. 403: they may not. 404: it is
  not there. 409: it is not as the sender saw it, and `incident`, `site`, `account` or `zones` shows how it is now. 413:
  too long. 429 and 503: try again after `retry_after_s`.
- **The live stream** has [a page of its own](live.md).

## Addresses
| address | permission | token scopes | what |
|---|---|---|---|"""


def api_page() -> str:
    """The page of the API: each address, who may, and what it is for."""
    lines = [API_HEAD]
    for path, item in sorted(openapi_document()["paths"].items()):
        for method, operation in item.items():
            permission = operation["x-permission"]
            scopes = ", ".join(f"`{scope}`" for scope in SCOPES if permission in SCOPE_PERMISSIONS[scope])
            needed = "anybody" if permission == PUBLIC else f"`{permission}`"
            lines.append(f"| `{method.upper()} {path}` | {needed} | {scopes} | {operation['summary']} |")
    return "\n".join(lines) + "\n"


TABLE_BEGIN, TABLE_END = "<!-- written by docs/make_reference.py -->", "<!-- until here -->"


def access_tables() -> str:
    """Roles, permissions and what takes two persons, as access.md shows them."""
    lines = ["| role | is for | leaves out |", "|---|---|---|"]
    lines += [f"| `{role}` | {words} | {leaves_out} |" for role, (words, leaves_out) in ROLE_WORDS.items()]
    heads = [*(f"`{role}`" for role in ROLES), *(f"token {scope}" for scope in SCOPES), "while locked"]
    lines += ["", f"| permission | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name, line in TABLE.items():
        has = [role in line.roles.split() for role in ROLES] + [scope in line.scopes.split() for scope in SCOPES]
        has.append(name in LOCKED_PERMISSIONS)
        lines.append(f"| `{name}` | {' | '.join('yes' if one else '' for one in has)} |")
    lines += ["", *(f"- `{name}`: {line.words}" for name, line in TABLE.items())]
    lines += ["", "| act of two persons | may ask | may be the second person |", "|---|---|---|"]
    for act, rule in ACTS.items():
        lines.append(f"| `{act}` | {', '.join(rule.ask)} | {', '.join(rule.answer)} |")
    return "\n".join(lines) + "\n"


def access_page(page: str) -> str:
    """access.md with its tables as they are now; the rest of it is written by people."""
    before, rest = page.split(f"{TABLE_BEGIN}\n")
    after = rest.split(f"{TABLE_END}\n")[1]
    return f"{before}{TABLE_BEGIN}\n{access_tables()}{TABLE_END}\n{after}"


def _below(name: str) -> list[str]:
    """Names of the commands that a command has of its own."""
    entry = COMMANDS[name]
    target = getattr(importlib.import_module(entry.module), entry.attribute)
    return list(getattr(get_command(target), "commands", {})) if isinstance(target, typer.Typer) else []


def _help(words: list[str]) -> str:
    os.environ["COLUMNS"] = "100"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*words, "--help"])
    return out.getvalue()


if __name__ == "__main__":
    (FOLDER / "settings.md").write_text(settings_page(), encoding="utf-8")
    (FOLDER / "commands.md").write_text(commands_page(), encoding="utf-8")
    (FOLDER / "api.md").write_text(api_page(), encoding="utf-8")
    page = FOLDER / "access.md"
    page.write_text(access_page(page.read_text(encoding="utf-8")), encoding="utf-8")
    print("Wrote settings.md, commands.md and api.md in docs/reference, and the tables of access.md")
