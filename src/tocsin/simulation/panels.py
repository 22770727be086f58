"""Panels and their links: who reports what, how it gets lost on its way, and what each panel was told.

A panel has one message outstanding; it repeats it with a new stamp until it is acknowledged or it gives up. Its ledger
is the panel's own: what was acknowledged there, the centre has promised to keep.
"""

from collections import deque
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from tocsin.model.values import Micros
from tocsin.protocols.dc09.answers import read_answer
from tocsin.protocols.dc09.encode import encode_frame, format_stamp, parse_stamp
from tocsin.protocols.dc09.framing import RawFrame, StreamDecoder
from tocsin.simulation.host import Connection, Host, SimulatedService
from tocsin.simulation.machine import World

if TYPE_CHECKING:
    from random import Random  # noqa: TID251 - its type alone; the seeded one comes from `system`

ANSWER_S: Final = 12.0
TRIES_MAX: Final = 6
AGAIN_S: Final = 240.0
"""So long after it gave a message up a panel sends the next one."""

SWINGING: Final = "BA"
SWINGS_MIN: Final = 80
SWINGS_MAX: Final = 130
ALARMS: Final = ("FA", "BA", "HA", "PA", "MA", "TA", "GA", "WA", "KA")
TROUBLES: Final = ("AT", "YT", "FT", "BT", "LT")
RESTORALS: Final = {
    "FA": "FR",
    "BA": "BR",
    "GA": "GR",
    "WA": "WR",
    "KA": "KR",
    "TA": "TR",
    "AT": "AR",
    "YT": "YR",
    "FT": "FJ",
    "BT": "BJ",
    "LT": "LR",
}
DAILY: Final = ("OP", "CL", "RP", "BA", "QQ")
"""Openings, closings, tests, an alarm, and a code that no table knows."""


class Reported:
    """One message in a panel's ledger."""

    __slots__ = ("account", "acked_s", "code", "is_given_up", "last_s", "sent_s", "sequence", "zone")

    def __init__(self, account: str, sequence: str, code: str, zone: int) -> None:
        self.account = account
        self.sequence = sequence
        self.code = code
        self.zone = zone
        self.sent_s = -1.0
        self.last_s = -1.0
        """When the panel sent it last, repeats of the network included."""
        self.acked_s: float | None = None
        self.is_given_up = False


class Setup:
    """How one panel is set up, at the centre and on the wall."""

    __slots__ = ("account", "host", "interval_s", "key", "site", "transport")

    def __init__(
        self, account: str, host: str, site: str, transport: str, interval_s: int | None, key: bytes | None
    ) -> None:
        self.account = account
        self.host = host
        self.site = site
        self.transport = transport
        self.interval_s = interval_s
        self.key = key


def make_setups(count: int, dice: "Random") -> list[Setup]:
    """So many panels: three at a site, a dozen sites in one network, polls from every three minutes to never."""
    made: list[Setup] = []
    for at in range(count):
        interval_s = dice.choices((180, 600, 3600, None), (10, 25, 45, 20))[0]
        made.append(
            Setup(
                account=str(1000 + at),
                host=f"10.{at // 36 // 200}.{at // 36 % 200}.{at % 250 + 1}",
                site=f"Site {at // 3 + 1}",
                transport=dice.choice(("tcp", "udp")),
                interval_s=interval_s,
                key=dice.randbytes(16) if dice.random() < 0.3 else None,
            )
        )
    return made


class Network:
    """What lies between the panels and the machine."""

    def __init__(self, world: World, host: Host, faults: Collection[str]) -> None:
        """Deliver to whichever process runs on `host`; `faults` are the kinds that are let happen."""
        self.world = world
        self.host = host
        self.service: SimulatedService | None = None
        self.dark: set[str] = set()
        """Networks, as `10.0.3`, that are cut off."""
        self.is_bad = "network" in faults
        self._dice = world.dice("network")
        self.frames = self.lost = 0

    def is_dark(self, host: str) -> bool:
        """Nothing goes from or to there."""
        return host.rpartition(".")[0] in self.dark

    def fate(self, *, is_udp: bool) -> list[float]:
        """Delays of the copies that arrive: none where it is lost, two where it is doubled."""
        dice = self._dice
        self.frames += 1
        delay_s = 0.01 + dice.random() * 0.05
        if not self.is_bad:
            return [delay_s]
        chance = dice.random()
        if chance < 0.03:
            self.lost += 1
            return []
        if chance < 0.06:
            return [delay_s + dice.random() * 25]
        if is_udp and chance < 0.10:
            return [delay_s, delay_s + dice.random() * 30]
        return [delay_s]


class Panel:
    """One panel and its link."""

    def __init__(self, setup: Setup, network: Network, on_acked: Callable[[Reported], None]) -> None:
        """Begin quiet; `on_acked` is told what the panel takes for safely received."""
        self.setup = setup
        self.network = network
        self.world = network.world
        self.dice = self.world.dice(f"panel {setup.account}")
        self.ledger: list[Reported] = []
        self.is_mute = False
        """It has no power: it sends nothing."""
        self.heard_up_s: float | None = None
        """When something of it last came to the centre, in the host's time up; and what moved deadlines until then."""
        self.heard_moves_s = 0.0
        self.sure_up_s: float | None = None
        """When it was last told that it was heard."""
        self.restarts_sure = self.restarts_heard = 0
        self._on_acked = on_acked
        self._offset_us = 0
        self._queue: deque[Reported] = deque()
        self._outstanding: Reported | None = None
        self._tries = 0
        self._attempt = 0
        self._connection: Connection | None = None
        self._polls = 0

    # What it says ----------------------------------------------------------------------------------------------------

    def report(self, code: str, zone: int) -> Reported:
        """Send an event as soon as those before it are through."""
        number = len(self.ledger) % 9998 + 1
        made = Reported(self.setup.account, f"{number:04d}", code, zone)
        self.ledger.append(made)
        self._queue.append(made)
        self._go_on()
        return made

    def poll(self) -> None:
        """Say that it is there, and go on doing so."""
        interval_s = self.setup.interval_s
        assert interval_s is not None, "it polls"
        self.world.after(interval_s * (0.97 + 0.06 * self.dice.random()), self.poll)
        self._polls += 1
        self._send_poll(self._polls, 2)

    def _send_poll(self, number: int, tries: int) -> None:
        """One poll, and again where no answer comes, as panels do."""
        if number != self._polls:
            return
        attempt = self._send(self._frame("NULL", "0000", None), is_poll=True)
        if tries > 1:
            self.world.after(ANSWER_S, lambda: None if attempt.is_answered else self._send_poll(number, tries - 1))

    def _go_on(self) -> None:
        if self._outstanding is None and self._queue and not self.is_mute:
            self._outstanding = self._queue.popleft()
            self._outstanding.sent_s = self.world.now_s
            self._tries = 0
            self._try()

    def wake(self) -> None:
        """It has power again."""
        self.is_mute = False
        self._outstanding = None
        self._go_on()

    def _try(self) -> None:
        reported = self._outstanding
        if reported is None or self.is_mute:
            return
        self._tries += 1
        self._attempt += 1
        this = self._attempt
        data = f"#{self.setup.account}|Nri1/{reported.code}{reported.zone:03d}"
        reported.last_s = self.world.now_s
        self._send(self._frame("SIA-DCS", reported.sequence, data), is_poll=False)
        self.world.after(ANSWER_S, lambda: self._waited(this))

    def _try_soon(self) -> None:
        self._attempt += 1
        this = self._attempt
        self.world.after(1.0, lambda: self._try() if this == self._attempt else None)

    def _waited(self, attempt: int) -> None:
        """No answer came: again, or give it up."""
        if attempt != self._attempt or self._outstanding is None:
            return
        if self._tries < TRIES_MAX:
            self._try()
            return
        self._outstanding.is_given_up = True
        self._outstanding = None
        self.world.after(AGAIN_S, self._go_on)

    def _frame(self, token: str, sequence: str, data: str | None) -> bytes:
        key = self.setup.key
        return encode_frame(
            token=token,
            sequence=sequence,
            receiver=None,
            line="0",
            account=self.setup.account,
            data=data,
            timestamp=format_stamp(Micros(self.world.true_us() + self._offset_us)) if key or data else None,
            key=key,
            pad=self.dice.randbytes(31) if key else b"",
        )

    # The link --------------------------------------------------------------------------------------------------------

    def _send(self, frame: bytes, *, is_poll: bool) -> "Attempt":
        attempt = Attempt(self, is_poll=is_poll)
        if self.is_mute or self.network.is_dark(self.setup.host):
            return attempt
        is_udp = self.setup.transport == "udp"
        for delay_s in self.network.fate(is_udp=is_udp):
            self.world.after(delay_s, lambda: attempt.arrive(frame))
        return attempt

    def heard(self) -> None:
        """Something of it has come to the centre."""
        host = self.network.host
        self.heard_up_s, self.heard_moves_s, self.restarts_heard = host.up_s, host.moves_s, host.restarts

    def answered(self, data: bytes, *, is_poll: bool) -> bool:
        """An answer has come back; False where it was none to take."""
        for piece in StreamDecoder().feed(data):
            answer = read_answer(piece, self.setup.key) if isinstance(piece, RawFrame) else None
            if answer is None:
                continue
            if answer.kind == "NAK" and answer.timestamp is not None:
                told = parse_stamp(answer.timestamp)
                if told is not None:
                    self._offset_us = told - self.world.true_us()
                if not is_poll and self._outstanding is not None:
                    self._try_soon()
                return True
            if answer.kind != "ACK":
                return False
            reported = self._outstanding
            if not is_poll and reported is not None and answer.sequence == reported.sequence:
                reported.acked_s = self.world.now_s
                self._outstanding = None
                self._on_acked(reported)
                self.world.after(0.2, self._go_on)
            return True
        return False


class Attempt:
    """One frame on its way, and its answer."""

    def __init__(self, panel: Panel, *, is_poll: bool) -> None:
        self._panel = panel
        self._is_poll = is_poll
        self.is_answered = False

    def arrive(self, frame: bytes) -> None:
        """It has reached the machine."""
        panel = self._panel
        service, setup = panel.network.service, panel.setup
        if service is None or panel.network.is_dark(setup.host):
            return
        port = 4000 + self._port()
        if setup.transport == "udp":
            if service.take_udp(frame, (setup.host, port), self._reply):
                panel.heard()
            return
        connection = service.connect((setup.host, port), self._reply)
        if connection is None:
            return
        if connection.send(frame[: len(frame) // 2]) and connection.send(frame[len(frame) // 2 :]):
            panel.heard()
        panel.world.after(ANSWER_S + 30, connection.end)

    def _port(self) -> int:
        return self._panel.dice.randrange(2000)

    def _reply(self, data: bytes) -> None:
        panel = self._panel
        host = panel.network.host
        for delay_s in panel.network.fate(is_udp=panel.setup.transport == "udp"):
            panel.world.after(delay_s, lambda: self._come_back(data))
        if b'ACK"' in data:
            panel.sure_up_s, panel.restarts_sure = host.up_s, host.restarts

    def _come_back(self, data: bytes) -> None:
        panel = self._panel
        if panel.network.is_dark(panel.setup.host):
            return
        self.is_answered = panel.answered(data, is_poll=self._is_poll) or self.is_answered


class Life:
    """What panels report over a day, and when they fall silent."""

    def __init__(
        self, panels: list[Panel], network: Network, faults: Collection[str], reports_a_day: float, end_s: float
    ) -> None:
        """Let them live until `end_s`."""
        self._panels = panels
        self._network = network
        self._world = network.world
        self._dice = self._world.dice("life")
        self._swings = self._world.dice("swings")
        self._rate_s = reports_a_day * len(panels) / 86_400
        self._end_s = end_s
        self._faults = faults

    def begin(self) -> None:
        """Every panel polls; reports come by chance."""
        for panel in self._panels:
            if panel.setup.interval_s is not None:
                self._world.after(self._dice.random() * panel.setup.interval_s, panel.poll)
        self._world.after(self._wait_s(), self._next)
        self._world.after(self._swings.uniform(300, 1200), self._swing)
        if "silence" in self._faults:
            self._world.after(600 + self._dice.random() * 3000, self._silence)
            self._world.after(1800 + self._dice.random() * 7200, self._darkness)

    def _wait_s(self) -> float:
        return self._dice.expovariate(self._rate_s)

    def _next(self) -> None:
        if self._world.now_s >= self._end_s:
            return
        self._world.after(self._wait_s(), self._next)
        dice = self._dice
        panel, zone = dice.choice(self._panels), dice.randrange(1, 9)
        code = dice.choice(dice.choices((ALARMS, TROUBLES, DAILY), (3, 2, 5))[0])
        panel.report(code, zone)
        if dice.random() < 0.1:
            for at in range(dice.randrange(2, 12)):
                panel.report(dice.choice(ALARMS), at % 8 + 1)
        if code in RESTORALS and dice.random() < 0.7:
            self._world.after(60 + dice.random() * 1800, lambda: self._report(panel, RESTORALS[code], zone))

    def _swing(self) -> None:
        """A door swings in the wind for some minutes: its detector goes on and on."""
        if self._world.now_s >= self._end_s:
            return
        self._world.after(self._swings.uniform(7200, 30_000), self._swing)
        panel, zone, at_s = self._swings.choice(self._panels), self._swings.randrange(1, 9), 0.0
        for _ in range(self._swings.randrange(SWINGS_MIN, SWINGS_MAX)):
            at_s += self._swings.uniform(0.1, 0.8)
            self._world.after(at_s, lambda: self._report(panel, SWINGING, zone))

    @staticmethod
    def _report(panel: Panel, code: str, zone: int) -> None:
        panel.report(code, zone)

    def _silence(self) -> None:
        """A panel loses its power for a while."""
        if self._world.now_s >= self._end_s:
            return
        dice = self._dice
        self._world.after(dice.expovariate(len(self._panels) / 200_000), self._silence)
        panel = dice.choice(self._panels)
        if not panel.is_mute:
            panel.is_mute = True
            self._world.after(dice.uniform(300, 9000), panel.wake)

    def _darkness(self) -> None:
        """A network of a dozen sites is cut off for a while."""
        if self._world.now_s >= self._end_s:
            return
        dice = self._dice
        self._world.after(dice.uniform(7200, 30_000), self._darkness)
        network = dice.choice(self._panels).setup.host.rpartition(".")[0]
        self._network.dark.add(network)
        self._world.after(dice.uniform(600, 5400), lambda: self._network.dark.discard(network))


def interval_limit_s(interval_s: int) -> float:
    """How long a panel that polls so often may be silent (`centre.categories`)."""
    return interval_s * 2.0 + 30.0


def one_poll_s(interval_s: int) -> float:
    """After a kill each path has the time of one more poll: what was heard last may be in no file."""
    return interval_s + 30.0


__all__ = ["Life", "Network", "Panel", "Reported", "Setup", "interval_limit_s", "make_setups", "one_poll_s"]
