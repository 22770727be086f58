"""`tocsin bench sources`: what signals of machines cost beside panels', and what it costs to mask their pictures."""

import contextlib
import functools
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tocsin.bench.broker import HOST, NOT_THERE, Told, broker_process, find_mosquitto, publisher_process
from tocsin.bench.figures import Figure, Report, Run, Subject, figure_of, not_measured, run_of
from tocsin.bench.frames import accounts_csv
from tocsin.bench.ground import CLOCK, Asked, Ground, Tell, measured
from tocsin.bench.intake import JOURNAL_SEQ, SentFrames, open_order, per_core_second
from tocsin.bench.load import Result
from tocsin.bench.machines import Machines, add_machines
from tocsin.bench.masking import MaskCost
from tocsin.bench.posts import Post
from tocsin.bench.processes import (
    Load,
    Server,
    broker_only_process,
    child_process,
    intake_process,
    load_process,
    output_of,
)
from tocsin.model.errors import CentreFault
from tocsin.system import sleep_blocking

CONNECTED_S: Final = 30.0
COME_S: Final = 120.0
STEP_S: Final = 0.2
"""As often it is asked whether all has come: seldom enough to cost nothing of note."""

ROUNDS_PER_S: Final = 5


class Plan(Asked, frozen=True, kw_only=True):
    """How much is measured."""

    panels: int = 200
    sources: int = 16
    """By HTTP, one connection each: so many that none meets its limit of bytes a second."""
    signals: int = 100
    """Of one request."""
    warm_requests: int = 4
    devices: int = 200
    warm_messages: int = 2_000


WEBHOOKS: Final = Subject(
    name="webhook.batches",
    what="Durable signals a core-second in requests of 100, JSON over HTTP",
    unit="signals/core-s",
    judged="ratio",
    bound="at_least",
    target=0.5,
    ceiling_what="panels' signals at the same centre, clear, TCP",
)
MESSAGES: Final = Subject(
    name="mqtt.durable",
    what="Durable messages of a broker a core-second, QoS 1",
    unit="messages/core-s",
    judged="ratio",
    bound="at_least",
    target=0.6,
    ceiling_what="the same reader acknowledging without storing",
)
MASK: Final = Subject(
    name="mask.1080p",
    what="A JPEG of 1920 x 1080 unpacked, masked and packed twice, one thread",
    unit="ms",
    judged="value",
    bound="at_most",
    target=60.0,
    ceiling_what="the same without the mask",
)


class _Posts:
    """Requests of machines, from a process of their own; none is ever a repeat."""

    def __init__(self, load: Load, centre: Server, machines: Machines, plan: Plan) -> None:
        assert centre.web is not None, "it is a whole centre"
        self._load = load
        self._order = Post(*centre.web, machines.sources, machines.tokens, 0, plan.warm_requests, plan.signals)
        self._rate_per_s = 0.0

    def prepare(self, seconds: float) -> None:
        """Have requests for about so long encoded, after a first run that shows how fast it goes."""
        if not self._rate_per_s:
            self._load.prepare(self._order)
            self.run()
        each = round(self._rate_per_s * seconds / self._order.signals / len(self._order.sources))
        self._order = msgspec.structs.replace(self._order, requests_each=max(1, each))
        self._load.prepare(self._order)

    def run(self) -> Result:
        """Send what was prepared, until all is answered."""
        result = self._load.run()
        sent = self._order.requests_each * self._order.signals
        self._order = msgspec.structs.replace(self._order, first=self._order.first + sent)
        self._rate_per_s = result.answered / result.seconds
        return result


class _Read:
    """A reader of a broker, and a publisher there."""

    def __init__(self, reader: Server, publisher: Told) -> None:
        self.reader = reader
        self._publisher = publisher
        self._rate_per_s = 0.0

    def begin(self, plan: Plan) -> None:
        """Wait until it reads what the devices say; then let both warm up."""
        self._publisher.list_devices()
        end_s = CLOCK.monotonic_s() + CONNECTED_S
        while not self._has_come(self.reader.metric(JOURNAL_SEQ), plan.devices):
            if CLOCK.monotonic_s() > end_s:
                raise CentreFault("The reader of the broker took nothing in", "bench.load")
        self.run(plan.warm_messages)

    def count(self, seconds: float) -> int:
        """Messages for about so long."""
        return max(1, round(self._rate_per_s * seconds))

    def run(self, messages: int) -> Result:
        """Publish so many, until all are stored."""
        began_s, before = CLOCK.monotonic_s(), self.reader.metric(JOURNAL_SEQ)
        result = self._publisher.publish(messages)
        end_s = CLOCK.monotonic_s() + COME_S
        while self.reader.metric(JOURNAL_SEQ) - before < messages:
            if CLOCK.monotonic_s() > end_s:
                raise CentreFault(f"Not all of {messages} messages came within {COME_S:.0f} s", "bench.load")
            sleep_blocking(STEP_S)
        seconds = CLOCK.monotonic_s() - began_s
        self._rate_per_s = messages / seconds
        return msgspec.structs.replace(result, seconds=seconds)

    def _has_come(self, before: float, devices: int) -> bool:
        """Whether a round of every device's news is stored."""
        self._publisher.publish(devices)
        sleep_blocking(STEP_S)
        return self.reader.metric(JOURNAL_SEQ) - before >= devices


def webhooks(plan: Plan, ground: Ground) -> list[Figure]:
    """Batches by HTTP, and right after each run the panels' signals at the same centre."""
    folder = _centre(plan, ground)
    machines = add_machines(folder, plan.panels, plan.sources)
    runs = list[Run]()
    with intake_process(folder) as centre, load_process() as panels, _posts_process() as posts:
        panels.open(open_order(centre, plan.panels))
        frames, requests = SentFrames(panels, plan.panels), _Posts(posts, centre, machines, plan)
        for _ in ground.runs(WEBHOOKS, plan.runs):
            requests.prepare(plan.run_s)
            value, extra = per_core_second(centre, requests.run)
            frames.prepare_storm(plan.run_s)
            top, top_extra = per_core_second(centre, frames.run)
            extra |= {f"ceiling_{name}": number for name, number in top_extra.items()}
            runs.append(run_of(value, top, **extra))
    return [figure_of(WEBHOOKS, runs)]


def messages(plan: Plan, ground: Ground) -> list[Figure]:
    """What a broker delivers, stored; and the same reader without a journal."""
    if find_mosquitto() is None:
        return [not_measured(MESSAGES, NOT_THERE)]
    runs = list[Run]()
    with _reading(plan, ground, intake_process) as durable, _reading(plan, ground, broker_only_process) as acknowledged:
        for _ in ground.runs(MESSAGES, plan.runs):
            value, extra = _read_per_core_second(durable, plan.run_s)
            top, top_extra = _read_per_core_second(acknowledged, plan.run_s)
            extra |= {f"ceiling_{name}": number for name, number in top_extra.items()}
            runs.append(run_of(value, top, **extra))
    return [figure_of(MESSAGES, runs)]


def masks(plan: Plan, ground: Ground) -> list[Figure]:
    """What masking takes of a processor."""
    runs = list[Run]()
    rounds = max(1, round(plan.run_s * ROUNDS_PER_S))
    for _ in ground.runs(MASK, plan.runs):
        cost = msgspec.json.decode(output_of(["tocsin.bench.masking", str(rounds)]), type=MaskCost)
        runs.append(run_of(cost.whole_ms, cost.code_ms, mask_ms=cost.mask_ms, file_bytes=cost.file_bytes))
    return [figure_of(MASK, runs)]


def _centre(plan: Plan, ground: Ground) -> Path:
    return ground.centre(accounts_csv(plan.panels + plan.sources + 1, 0))


@contextlib.contextmanager
def _posts_process() -> Iterator[Load]:
    with child_process([sys.executable, "-m", "tocsin.bench.posts"], {}, stdin=subprocess.PIPE) as process:
        yield Load(process)


Reading = Callable[..., contextlib.AbstractContextManager[Server]]


@contextlib.contextmanager
def _reading(plan: Plan, ground: Ground, start: Reading) -> Iterator[_Read]:
    """A reader with a broker and a publisher of its own."""
    folder = _centre(plan, ground)
    add_machines(folder, 0, 0)
    with (
        broker_process(folder.with_name(f"{folder.name}-broker")) as port,
        publisher_process(port, plan.devices) as publisher,
        start(folder, {"TOCSIN_RECEIVERS__MQTT__HOST": HOST, "TOCSIN_RECEIVERS__MQTT__PORT": str(port)}) as reader,
    ):
        made = _Read(reader, publisher)
        made.begin(plan)
        yield made


def _read_per_core_second(read: _Read, seconds: float) -> tuple[float, dict[str, float]]:
    count = read.count(seconds)
    return per_core_second(read.reader, lambda: read.run(count))


Part = Callable[[Plan, Ground], list[Figure]]
PARTS: Final[dict[str, tuple[Part, str]]] = {
    "webhook": (webhooks, "batches by HTTP, beside panels"),
    "mqtt": (messages, "messages of a broker, beside the same reader without storage"),
    "mask": (masks, "masking a picture"),
}
"""What `--only` names."""


def measure(plan: Plan, folder: Path, only: Sequence[str], tell: Tell) -> Report:
    """Measure what `only` names, everything where it names nothing, in an empty folder that the caller removes."""
    parts = [functools.partial(part, plan) for name, (part, _) in PARTS.items() if not only or name in only]
    return measured("sources", plan, folder, tell, parts)
