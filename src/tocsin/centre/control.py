"""The control socket: how every other program asks the process that holds a folder (DESIGN.md, Operation).

One request a connection: a line of JSON `{"op", ...}`; the answer is lines of JSON, each `{"item": ...}`, and at last
`{"done": ...}` or `{"error": {"message", "code", "kind"}}`. Only the folder's own user may open the socket.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Protocol, TypeVar

import msgspec
import structlog

from tocsin.access.links import LINK_S
from tocsin.access.tokens import TOKEN_DAYS
from tocsin.centre.action_plan_imports import ImportedPlans
from tocsin.centre.admission import Admission, MadeLink, UserAnswer, UserRequest
from tocsin.centre.backup import BackupState
from tocsin.centre.backup_files import FileEntry, Manifest
from tocsin.centre.centre import CLI, Centre, OpenedFrame
from tocsin.centre.chain_trial import Trial
from tocsin.centre.configuration import ImportPlan
from tocsin.centre.keyholder_import import KeyholderPlan, hashed
from tocsin.centre.proof import ExportForm, PersonHere, Proof
from tocsin.centre.sheets import Holdings, ScopeSheet
from tocsin.centre.table_plan import ImportResult, KnownKeyholder
from tocsin.model.access import MadeSecret, NamedUser, TokenItem
from tocsin.model.accounts import Account, SecretRef
from tocsin.model.errors import (
    BadInput,
    CentreFault,
    Conflict,
    DiskFault,
    JournalFull,
    KeyMissing,
    Refused,
    TocsinError,
)
from tocsin.model.export import UnsealedExport
from tocsin.model.holidays import Holidays
from tocsin.model.journal import StoredEntry
from tocsin.model.lists import RejectedFrame, UnknownAccount
from tocsin.model.rules import RulesVersion
from tocsin.model.schedules import Schedule
from tocsin.model.sites import Site, Zone
from tocsin.model.values import Actor, Code, HexHash, Ref, Seq
from tocsin.system import SystemIds

REQUEST_BYTES_MAX: Final = 256 << 20
"""100,000 accounts with everything filled in are about 60 MB."""

ANSWER_S: Final = 300.0
FAMILIES: Final = (BadInput, Conflict, Refused, JournalFull, DiskFault, KeyMissing, CentreFault)
"""What an error comes out as at the other end: the first that it is one of."""

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
T = TypeVar("T")
_LOG = structlog.get_logger("control")
_ENCODE: Final = msgspec.json.Encoder().encode


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked."""

    op: str
    after: Number = 0
    limit: Number = 0
    reason: str = ""
    plan: ImportPlan | None = None
    config: Number = 0
    actor: Actor = CLI
    """In whose name; only the folder's own user can ask here, and the centre's own workers do."""
    pairs: tuple[tuple[SecretRef, bytes], ...] = ()
    name: str | None = None
    words: tuple[str, ...] = ()
    """Roles or scopes."""
    ref: Ref = Ref("")
    user: UserRequest | None = None
    files: dict[str, FileEntry] = {}
    """What went into a backup."""
    unsealed: UnsealedExport | None = None
    persons: tuple[PersonHere, ...] = ()

    def __repr__(self) -> str:
        """Name the question and nothing that came with it: there may be keys."""
        return f"Request({self.op})"


class ErrorAnswer(msgspec.Struct, frozen=True):
    """Why it was refused."""

    message: str
    code: str
    kind: str


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of an answer."""

    item: msgspec.Raw = msgspec.Raw()
    done: msgspec.Raw = msgspec.Raw()
    error: ErrorAnswer | None = None


_REQUEST: Final = msgspec.json.Decoder(Request)
_ANSWER: Final = msgspec.json.Decoder(Answer)


class ControlServer:
    """Answers on the socket; the work runs in threads, so that the event loop goes on receiving."""

    def __init__(
        self,
        centre: Centre,
        path: Path,
        request_bytes_max: int = REQUEST_BYTES_MAX,
        *,
        admission: Admission | None = None,
        proof: Proof | None = None,
    ) -> None:
        """Answer for `centre` at `path`, for `admission` where people and programs can come in, and for `proof`."""
        self._centre = centre
        self._admission = admission
        self._proof = proof
        self._path = path
        self._request_bytes_max = request_bytes_max
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the socket, in place of one that a killed process left."""
        self._path.unlink(missing_ok=True)
        with _reachable(self._path) as address:
            old = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._serve, address, limit=self._request_bytes_max)
            finally:
                os.umask(old)

    async def close(self) -> None:
        """Take no more questions."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async for answer in self._answers(reader):
                writer.write(answer + b"\n")
                await writer.drain()
        except ConnectionError:
            _LOG.debug("control.gone")
        finally:
            with contextlib.suppress(ConnectionError):
                writer.close()
                await writer.wait_closed()

    async def _answers(self, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        op = "unread"
        try:
            line = await _read_line(reader, self._request_bytes_max)
            # An import is tens of megabytes: read in the thread too, so that the loop goes on receiving.
            request = await asyncio.to_thread(_REQUEST.decode, line)
            op = request.op[:40]
            items = await asyncio.to_thread(lambda: list(self._carry_out(request)))
        except TocsinError as error:
            kind = next((family.__name__ for family in FAMILIES if isinstance(error, family)), "CentreFault")
            yield _ENCODE(Answer(error=ErrorAnswer(error.message, error.code, kind)))
        except msgspec.DecodeError:
            yield _ENCODE(
                Answer(
                    error=ErrorAnswer(
                        "The control socket got a request that it cannot read", "control.request", "BadInput"
                    )
                )
            )
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 - whoever asked must get an answer; it is logged
            _LOG.exception("control.failed", op=op)
            words = f"The centre failed to answer ({type(error).__name__}); its log says more"
            yield _ENCODE(Answer(error=ErrorAnswer(words, "control.failed", "CentreFault")))
        else:
            for item in items:
                yield b'{"item":' + item + b"}"
            yield b'{"done":true}'

    def _carry_out(self, request: Request) -> Iterator[bytes]:
        centre = self._centre
        match request.op:
            case "config":
                yield _ENCODE(centre.config())
            case "accounts":
                yield from map(_ENCODE, centre.accounts())
            case "same_keys":
                yield from map(_ENCODE, centre.same_keys(request.pairs))
            case "sites":
                yield from map(_ENCODE, centre.sites())
            case "zones":
                yield from map(_ENCODE, centre.zones())
            case "keyholders":
                yield from map(_ENCODE, centre.keyholders(is_export=request.reason == "export", actor=request.actor))
            case "schedules":
                yield from map(_ENCODE, centre.all_schedules())
            case "calendars":
                yield from map(_ENCODE, centre.all_calendars())
            case "plans":
                yield _ENCODE(centre.export_plans(request.name).decode())
            case "chain_trial":
                yield _ENCODE(centre.chain_trials.by_name(request.name or "", request.limit))
            case "rules_versions":
                yield from map(_ENCODE, centre.rules_versions())
            case "set_rules":
                changed = msgspec.json.decode(request.reason, type=dict[str, int])
                centre.set_rules(changed, Seq(request.after), request.actor)
            case "import_plans":
                yield _ENCODE(centre.import_plans(request.reason, is_dry=request.limit == 1, actor=request.actor))
            case "import":
                if request.plan is None:
                    raise BadInput("The control socket got an import without rows", "control.request")
                yield _ENCODE(centre.import_table(request.plan, request.config, request.actor))
            case "entries":
                yield from map(_ENCODE, centre.entries(Seq(request.after), request.limit))
            case "sign_head":
                yield _ENCODE(centre.sign_head())
            case "scope_sheet" if self._proof is not None:
                yield _ENCODE(self._proof.scope_sheet())
            case "unsealed_export" if self._proof is not None and request.unsealed is not None:
                form: ExportForm = "csv" if request.reason == "csv" else "jsonl"
                yield _ENCODE(self._proof.unsealed_here(request.unsealed, request.persons, form))
            case "holdings" if self._proof is not None:
                yield _ENCODE(self._proof.holdings_of_name(request.name or "", request.actor))
            case "backup_begin":
                yield _ENCODE(centre.backups.begin(request.limit or None))
            case "backup_state":
                yield _ENCODE(centre.backups.state(Code(request.name or "")))
            case "backup_sign":
                yield _ENCODE(centre.backups.sign(Code(request.name or ""), request.files, HexHash(request.reason)))
            case "backup_finish":
                centre.backups.finish(Code(request.name or ""), is_durable=request.limit == 1)
            case "unknown_accounts":
                yield from map(_ENCODE, centre.unknown_accounts())
            case "rejected_frames":
                yield from map(_ENCODE, centre.rejected_frames(request.limit))
            case "open_rejected":
                yield from map(_ENCODE, centre.open_rejected(request.limit, request.reason))
            case "link" | "people" | "create_token" | "tokens" | "revoke_token" if self._admission is not None:
                yield from self._admit(self._admission, request)
            case "user" if self._admission is not None and request.user is not None:
                yield _ENCODE(self._admission.user(request.user))
            case _:
                raise BadInput(
                    f"The centre knows no question {request.op[:40]!r}; is it an older version?", "control.request"
                )

    def _admit(self, admission: Admission, request: Request) -> Iterator[bytes]:
        match request.op:
            case "link":
                yield _ENCODE(admission.link(request.name, request.words, request.limit))
            case "people":
                yield from map(_ENCODE, admission.people())
            case "create_token":
                yield _ENCODE(admission.create_token(request.words, request.limit))
            case "tokens":
                yield from map(_ENCODE, admission.tokens())
            case _:
                assert request.op == "revoke_token", "the caller passes no other"
                admission.revoke_token(request.ref)


class RemoteCentre:
    """A running centre, asked over its control socket. The same questions as `Centre`, the same answers."""

    def __init__(self, path: Path, actor: Actor = CLI) -> None:
        """Ask at `path`, in the name of `actor`."""
        self._path = path
        self._actor = actor

    def config(self) -> int:
        """Version of the configuration."""
        return self._ask(Request(op="config"), int)[0]

    def accounts(self) -> list[Account]:
        """All accounts, in the order in which they were made."""
        return self._ask(Request(op="accounts"), Account)

    def same_keys(self, pairs: Sequence[tuple[SecretRef, bytes]]) -> list[bool]:
        """Whether each key that a file brings is the one that the account has."""
        return self._ask(Request(op="same_keys", pairs=tuple(pairs)), bool)

    def sites(self) -> list[Site]:
        """All sites, in the order in which they were made."""
        return self._ask(Request(op="sites"), Site)

    def zones(self) -> list[Zone]:
        """All zones."""
        return self._ask(Request(op="zones"), Zone)

    def keyholders(self, *, is_export: bool = False) -> list[KnownKeyholder]:
        """All keyholders who are on a list; an export is a fact before they come."""
        return self._ask(
            Request(op="keyholders", reason="export" if is_export else "", actor=self._actor), KnownKeyholder
        )

    def all_schedules(self) -> list[Schedule]:
        """All schedules."""
        return self._ask(Request(op="schedules"), Schedule)

    def all_calendars(self) -> list[Holidays]:
        """All calendars of holidays that schedules share."""
        return self._ask(Request(op="calendars"), Holidays)

    def rules_versions(self) -> tuple[RulesVersion, ...]:
        """As `Centre.rules_versions`."""
        return tuple(self._ask(Request(op="rules_versions"), RulesVersion))

    def set_rules(self, changed: Mapping[str, int], version: Seq, actor: Actor = CLI) -> None:
        """As `Centre.set_rules`."""
        reason = _ENCODE(dict(changed)).decode()
        self._ask(Request(op="set_rules", reason=reason, after=version, actor=actor), object)

    def export_plans(self, key: str | None = None) -> bytes:
        """The centre's own action plans as a file, or one plan by its id or name."""
        return self._ask(Request(op="plans", name=key), str)[0].encode()

    def chain_trial(self, name: str, days: int) -> Trial:
        """What a stored chain would have done with the incidents of the last days."""
        return self._ask(Request(op="chain_trial", name=name, limit=days), Trial)[0]

    def import_plans(self, data: str, *, is_dry: bool, actor: Actor = CLI) -> ImportedPlans:
        """Make and change action plans by name, the whole file or nothing."""
        return self._ask(Request(op="import_plans", reason=data, limit=int(is_dry), actor=actor), ImportedPlans)[0]

    def import_table(self, plan: ImportPlan, config: int, actor: Actor = CLI) -> ImportResult:
        """Carry out an import, all of it or nothing. Phrases are hashed here: none goes over the socket."""
        if isinstance(plan, KeyholderPlan):
            plan = hashed(plan, SystemIds())
        return self._ask(Request(op="import", plan=plan, config=config, actor=actor), ImportResult)[0]

    def entries(self, after: Seq, limit: int) -> list[StoredEntry]:
        """A page of the journal."""
        return self._ask(Request(op="entries", after=after, limit=limit), StoredEntry)

    def sign_head(self) -> Seq:
        """Sign where the journal ends now; return that seq."""
        return Seq(self._ask(Request(op="sign_head"), int)[0])

    def unsealed_here(self, wanted: UnsealedExport, persons: Sequence[PersonHere], form: ExportForm) -> bytes:
        """An unsealed export for two persons who are both here."""
        request = Request(op="unsealed_export", unsealed=wanted, persons=tuple(persons), reason=form)
        return self._ask(request, bytes)[0]

    def scope_sheet(self) -> ScopeSheet:
        """What the centre can be asked about."""
        return self._ask(Request(op="scope_sheet"), ScopeSheet)[0]

    def holdings_of_name(self, name: str, actor: Actor) -> Holdings:
        """What is held about a user of this name."""
        return self._ask(Request(op="holdings", name=name, actor=actor), Holdings)[0]

    @property
    def backups(self) -> "RemoteBackups":
        """What makes backups there."""
        return RemoteBackups(self._ask)

    def unknown_accounts(self) -> list[UnknownAccount]:
        """Numbers that send and that no account fits, newest first."""
        return self._ask(Request(op="unknown_accounts"), UnknownAccount)

    def rejected_frames(self, limit: int) -> list[RejectedFrame]:
        """The newest frames that were not accepted, their bytes sealed."""
        return self._ask(Request(op="rejected_frames", limit=limit), RejectedFrame)

    def open_rejected(self, limit: int, reason: str) -> list[OpenedFrame]:
        """The same with their bytes; the reading is journalled."""
        return self._ask(Request(op="open_rejected", limit=limit, reason=reason), OpenedFrame)

    def link(self, name: str | None, roles: Sequence[str] = (), seconds: int = LINK_S) -> MadeLink:
        """Make a sign-in link for a user, and the user where there is none of this name."""
        return self._ask(Request(op="link", name=name, words=tuple(roles), limit=seconds), MadeLink)[0]

    def people(self) -> list[NamedUser]:
        """Everybody who may come in."""
        return self._ask(Request(op="people"), NamedUser)

    def create_token(self, scopes: Sequence[str], days: int = TOKEN_DAYS) -> MadeSecret:
        """Make a token for a program."""
        return self._ask(Request(op="create_token", words=tuple(scopes), limit=days), MadeSecret)[0]

    def tokens(self) -> list[TokenItem]:
        """All tokens, newest first."""
        return self._ask(Request(op="tokens"), TokenItem)

    def revoke_token(self, id_: Ref) -> None:
        """Let a token open nothing any more."""
        self._ask(Request(op="revoke_token", ref=id_), int)

    def user(self, request: UserRequest) -> UserAnswer:
        """Carry out what `tocsin user` asks for."""
        return self._ask(Request(op="user", user=request), UserAnswer)[0]

    def _ask(self, request: Request, kind: type[T]) -> list[T]:
        items: list[T] = []
        decode: Callable[[msgspec.Raw], T] = msgspec.json.Decoder(kind).decode
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, _reachable(self._path) as address:
                connection.settimeout(ANSWER_S)
                connection.connect(address)
                connection.sendall(_ENCODE(request) + b"\n")
                with connection.makefile("rb") as lines:
                    for line in lines:
                        answer = _ANSWER.decode(line)
                        if answer.error is not None:
                            raise _error(answer.error)
                        if answer.done:
                            return items
                        items.append(decode(answer.item))
        except (ConnectionRefusedError, FileNotFoundError) as error:
            raise CentreFault(
                f"The folder {self._path.parent} is in use, and nobody answers on its control socket: a centre is "
                "starting or ending. Nothing was changed. Try again in a moment",
                "control.no_answer",
            ) from error
        except (OSError, msgspec.DecodeError) as error:
            raise _no_answer(self._path) from error
        raise _no_answer(self._path)


class Ask(Protocol):
    """Asks a running centre (`RemoteCentre`)."""

    def __call__(self, request: Request, kind: type[T], /) -> list[T]:
        """Ask; return the items of the answer."""
        ...


class RemoteBackups:
    """Backups of a running centre. The same questions as `backup.Backups`, the same answers."""

    def __init__(self, ask: Ask) -> None:
        """Ask by this."""
        self._ask = ask

    def begin(self, keep_days: int | None = None) -> Code:
        """Begin to copy."""
        return Code(self._ask(Request(op="backup_begin", limit=keep_days or 0), str)[0])

    def state(self, backup: Code) -> BackupState:
        """How far it has come."""
        return self._ask(Request(op="backup_state", name=backup), BackupState)[0]

    def sign(self, backup: Code, files: dict[str, FileEntry], keys_sha256: HexHash) -> Manifest:
        """The signed manifest of what went in."""
        return self._ask(Request(op="backup_sign", name=backup, files=files, reason=keys_sha256), Manifest)[0]

    def finish(self, backup: Code, *, is_durable: bool) -> None:
        """Both files are durable, or never will be."""
        self._ask(Request(op="backup_finish", name=backup, limit=int(is_durable)), int)


async def _read_line(reader: asyncio.StreamReader, bytes_max: int) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        raise BadInput(f"The control socket got a request of more than {bytes_max} bytes", "control.request") from None


def _no_answer(path: Path) -> CentreFault:
    return CentreFault(
        f"The centre in {path.parent} is running but does not answer on its control socket. Nothing is known to have "
        "been changed. Look at its log, or stop it and try again",
        "control.no_answer",
    )


def _error(answer: ErrorAnswer) -> TocsinError:
    kinds: dict[str, type[TocsinError]] = {family.__name__: family for family in FAMILIES}
    return kinds.get(answer.kind, CentreFault)(answer.message, answer.code)


@contextlib.contextmanager
def _reachable(path: Path) -> Generator[str]:
    """An address for the socket: its path, or a short way in where that is too long for the system (104 bytes)."""
    if len(os.fsencode(path)) <= 100 or not Path("/proc/self/fd").exists():
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
