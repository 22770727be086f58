"""One panel's conversation: bytes in, bytes out, time as an argument. No sockets, no clock.

A panel has one message outstanding. It waits for the answer, repeats the message with the same sequence number, and
gives it up after so many tries. A NAK sets its clock and is followed by the message again; a DUH ends the message.
Faults (faults.py) bend this where they say so. `now_s` is always seconds since the start of the run; it never runs
back.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from tocsin.model.values import Micros
from tocsin.panel.faults import Dice, Fault
from tocsin.panel.fleet import Due, Manner, Panel, RawFrameDue
from tocsin.panel.frames import HEX_SEQUENCE, Pen, break_crc, break_length, truncate
from tocsin.panel.messages import Message, sequence_of
from tocsin.panel.report import LedgerLine, Tally
from tocsin.protocols.dc09.answers import Answer, read_answer
from tocsin.protocols.dc09.encode import parse_stamp
from tocsin.protocols.dc09.framing import Broken, RawFrame, StreamDecoder
from tocsin.protocols.dc09.header import read_header

SPLIT_PAUSE_S: Final = 0.02
"""Between the two pieces of a split frame, so that they leave in two segments."""
FRESH_S: Final = 10.0
"""A frame made ahead is made anew when its stamp is older."""
OWED_MAX: Final = 64
"""Late answers that a panel still knows."""
_POLL_SEQUENCE: Final = "0000"
_ACK_ONLY: Final = ("ACK",)
_POLL: Final = Message(0, "NULL", "")


class Flight:
    """A message on its way."""

    __slots__ = (
        "acked_at_s",
        "acks_due",
        "answers",
        "attempts",
        "fault",
        "first_at_s",
        "is_ignoring",
        "key",
        "last_answer",
        "made_at_s",
        "message",
        "ready",
        "reply",
        "sequence",
        "skew_us",
        "tries",
    )

    def __init__(self, message: Message | RawFrameDue, sequence: str | None, key: bytes | None) -> None:
        self.message = message
        self.sequence = sequence
        self.key = key
        self.fault: Fault | None = None
        self.ready: bytes | None = None
        """The frame where it was made already."""
        self.made_at_s = 0.0
        self.reply: bytes | None = None
        """The answer that needs no closer look, None where there is no such."""
        self.skew_us = 0
        self.first_at_s: float | None = None
        self.acked_at_s: float | None = None
        self.acks_due = 0
        self.answers = 0
        self.tries = 0
        self.attempts = 0
        self.is_ignoring = False
        self.last_answer = "none"

    @property
    def is_poll(self) -> bool:
        """A link test: it stands in no list."""
        return self.message.is_poll


class Session:
    """The state machine of one panel. A driver carries its bytes and calls `tick` when `next_at` has come."""

    __slots__ = (
        "_before",
        "_deadline_s",
        "_decoder",
        "_flights",
        "_is_partial",
        "_is_up",
        "_is_used",
        "_linger",
        "_link_after_s",
        "_linked_at_s",
        "_manner",
        "_out",
        "_owed",
        "_poll_at_s",
        "_poll_reply",
        "_ready",
        "_rest",
        "_source",
        "_stopped",
        "_tally",
        "_upcoming",
        "panel",
        "pen",
    )

    def __init__(
        self,
        panel: Panel,
        manner: Manner,
        source: Iterator[Due | RawFrameDue],
        tally: Tally,
        *,
        epoch_us: Micros,
        rng: Dice,
        poll_phase_s: float = 0.0,
    ) -> None:
        """`source` gives the messages in order of time; `poll_phase_s` is when the first poll is due."""
        self.panel = panel
        self.pen = Pen(panel, manner, epoch_us=epoch_us, rng=rng)
        self._manner = manner
        self._tally = tally
        self._source = source
        self._upcoming: Due | RawFrameDue | None = next(source, None)
        self._decoder = StreamDecoder()
        self._is_partial = False
        self._flights: list[Flight] = []
        self._deadline_s = 0.0
        self._before: str | None = None
        self._owed: dict[str, int] = {}
        self._out: list[bytes] = []
        self._rest: tuple[float, bytes] | None = None
        self._ready: list[tuple[bytes, bytes | None]] = []
        self._poll_at_s = None if manner.poll_interval_s is None else poll_phase_s
        self._poll_reply: bytes | None = None
        self._is_up = False
        self._is_used = False
        self._linger = manner.keep_open
        self._link_after_s = 0.0
        self._linked_at_s = 0.0
        self._stopped = False

    # -- what the driver asks ----------------------------------------------------------------------------------------

    @property
    def is_done(self) -> bool:
        """Nothing is outstanding and nothing will come."""
        return not self._flights and self._upcoming is None and (self._poll_at_s is None or self._stopped)

    def wants_link(self, now_s: float) -> bool:
        """Whether there should be a connection now."""
        if self.is_done:
            return False
        if self._is_up:
            return self._manner.keep_open or bool(self._flights) or (not self._is_used and self._is_due(now_s))
        return now_s >= self._link_after_s and (self._linger or bool(self._flights) or self._is_due(now_s))

    def next_at(self) -> float | None:
        """When `tick` is to be called next, None: not before something else happens."""
        if self._rest is not None:
            return self._rest[0]
        if self._is_up:
            return self._deadline_s if self._flights else self._due_at()
        if self._flights or self._linger:
            return self._link_after_s
        due = self._due_at()
        return None if due is None else max(due, self._link_after_s)

    def _due_at(self) -> float | None:
        at = self._upcoming.at_s if self._upcoming is not None else None
        if self._poll_at_s is not None and not self._stopped and (at is None or self._poll_at_s < at):
            return self._poll_at_s
        return at

    def _is_due(self, now_s: float) -> bool:
        at = self._due_at()
        return at is not None and at <= now_s

    # -- what the driver tells ---------------------------------------------------------------------------------------

    def linked(self, now_s: float) -> list[bytes]:
        """The connection is up. Returns what to write, piece by piece (over UDP, one datagram each)."""
        self._is_up = True
        self._is_used = False
        self._linger = self._manner.keep_open
        self._linked_at_s = now_s
        self._decoder = StreamDecoder()
        self._is_partial = False
        self._owed.clear()
        self._tally.connections += 1
        if self._flights:
            self._transmit(now_s)
        return self._go_on(now_s)

    def unlinked(self, now_s: float, *, dropped: bool = False) -> None:
        """The connection is gone, or could not be made. `dropped`: by ourselves, to come back at once."""
        was_up, self._is_up = self._is_up, False
        self._rest = None
        if dropped:
            self._linger = True
            self._link_after_s = now_s
        elif was_up:
            self._linger = False
            short = now_s - self._linked_at_s < self._manner.retry_s
            self._link_after_s = now_s + self._manner.retry_s if short else now_s
        else:
            self._link_after_s = now_s + self._manner.retry_s
            self._begin_due(now_s)
            for flight in self._flights:
                flight.attempts += 1
        self._flights = [flight for flight in self._flights if not self._ends(flight, now_s)]

    def hang_up(self) -> None:
        """The driver closed the connection since nothing is outstanding."""
        self._is_up = False
        self._linger = False

    def _ends(self, flight: Flight, now_s: float) -> bool:
        """Close a flight that an ended connection settles: acknowledged once, or out of tries."""
        if flight.acked_at_s is None and flight.attempts < self._manner.tries:
            return False
        self._close(flight, now_s)
        return True

    def receive(self, data: bytes, now_s: float) -> list[bytes]:
        """Bytes came. Returns what to write now."""
        flights = self._flights
        if flights and data == flights[0].reply and not self._is_partial:
            # The whole plain ACK that was due, and nothing else: the way of nearly every message.
            flight = flights.pop(0)
            flight.acked_at_s = now_s
            flight.answers += 1
            flight.acks_due = 0
            if not flight.is_poll:
                self._tally.ack += 1
            self._close(flight, now_s)
        else:
            items = self._decoder.feed(data)
            self._is_partial = not items
            for item in items:
                self._read(item, now_s)
        return self._go_on(now_s)

    def receive_datagram(self, items: list[RawFrame | Broken], now_s: float) -> list[bytes]:
        """A datagram came, taken apart by the codec. Returns what to send now."""
        for item in items:
            self._read(item, now_s)
        return self._go_on(now_s)

    def tick(self, now_s: float) -> list[bytes]:
        """The time of `next_at` has come (or not yet: then nothing happens)."""
        if self._rest is not None:
            if now_s < self._rest[0]:
                return []
            self._out.append(self._rest[1])
            self._rest = None
        if self._is_up and self._flights and now_s >= self._deadline_s:
            self._time_out(now_s)
        return self._go_on(now_s)

    def finish(self) -> None:
        """Begin nothing more; what is outstanding may still be answered."""
        self._stopped = True
        self._upcoming = None

    def abandon(self, now_s: float) -> None:
        """Stop at once: what is outstanding goes to the list of what was never acknowledged."""
        self.finish()
        for flight in self._flights:
            if flight.acked_at_s is None:
                flight.last_answer = "stopped"
            self._close(flight, now_s, is_stopped=True)
        self._flights.clear()
        self._rest = None

    def prepare(self, limit: int) -> int:
        """Make up to `limit` of the frames to come now, so that the run itself only writes them. Returns how many."""
        messages: list[Due | RawFrameDue] = [] if self._upcoming is None else [self._upcoming]
        while messages and len(messages) < limit and (following := next(self._source, None)) is not None:
            messages.append(following)
        for due in messages:
            if isinstance(due, RawFrameDue):
                break
            if due.message.fault is not None:
                self._ready.append((b"", None))
                continue
            sequence = self._sequence_for(due.message)
            frame = self.pen.frame(due.message, sequence, 0.0, key=self.panel.key)
            self._ready.append((frame, None if self.panel.key else self.pen.answer(sequence)))
        self._source = chain(messages[1:], self._source)
        self._ready.reverse()
        return len(self._ready)

    # -- sending -----------------------------------------------------------------------------------------------------

    def _go_on(self, now_s: float) -> list[bytes]:
        is_free = self._manner.keep_open or not self._is_used
        if self._is_up and is_free and not self._flights and self._rest is None and self._begin_due(now_s):
            self._transmit(now_s)
        out, self._out = self._out, []
        return out

    def _begin_due(self, now_s: float) -> bool:
        """Make flights of what is due, where none is out. Returns whether there is one now."""
        if self._flights:
            return True
        due = self._upcoming
        if due is not None and due.at_s <= now_s:
            if due.at_s > 0:
                self._tally.behind_max_s = max(self._tally.behind_max_s, now_s - due.at_s)
            self._begin(due)
            self._upcoming = next(self._source, None)
            fault = self._flights[0].fault
            if fault is not None and fault.name == "coalesce":
                self._begin_more(fault.value - 1)
            return True
        silent = self.panel.silent
        if silent is not None and self._poll_at_s is not None and silent[0] <= now_s < silent[1]:
            self._poll_at_s = silent[1]
            return False
        if self._poll_at_s is not None and not self._stopped and self._poll_at_s <= now_s:
            flight = Flight(_POLL, _POLL_SEQUENCE, self.panel.key)
            flight.acks_due = 1
            if self.panel.key is None:
                self._poll_reply = self._poll_reply or self.pen.answer(_POLL_SEQUENCE)
                flight.reply = self._poll_reply
            self._flights.append(flight)
            return True
        return False

    def _begin_more(self, count: int) -> None:
        """Take further messages into the same piece, whatever their time and their own faults."""
        while count > 0 and self._upcoming is not None and not isinstance(self._upcoming, RawFrameDue):
            message = self._upcoming.message
            self._begin(Due(0.0, Message(message.number, message.token, message.data, message.blocks)))
            self._upcoming = next(self._source, None)
            count -= 1

    def _begin(self, due: Due | RawFrameDue) -> None:
        tally = self._tally
        ready = self._ready.pop() if self._ready else None
        if isinstance(due, RawFrameDue):
            flight = Flight(due, due.sequence, self.panel.key)
            flight.ready = due.raw
            flight.acks_due = 0 if due.sequence is None else 1
            tally.sent += not due.is_poll
            self._flights.append(flight)
            return
        message = due.message
        flight = Flight(message, self._sequence_for(message), self.panel.key)
        flight.acks_due = 1
        if not message.is_poll:
            tally.sent += 1
        if message.fault is not None:
            self._strike(flight, message.fault)
        elif ready is not None and ready[0]:
            flight.ready, flight.reply = ready
        elif flight.key is None:
            flight.reply = self.pen.answer(flight.sequence or "")
        self._before = flight.sequence
        self._flights.append(flight)

    def _sequence_for(self, message: Message) -> str:
        return _POLL_SEQUENCE if message.is_poll else sequence_of(message.number)

    def _strike(self, flight: Flight, fault: Fault) -> None:
        """Set up what a fault changes for all tries of a message."""
        flight.fault = fault
        self._tally.faults[fault.name] += 1
        match fault.name:
            case "repeat" | "repeat-stamp" | "repeat-encrypted":
                flight.acks_due = 1 + fault.value
            case "ignore-ack":
                flight.acks_due = 2
                flight.is_ignoring = True
            case "wrong-key":
                assert flight.key is not None, "a fleet refuses this fault without a key"
                flight.key = bytes(byte ^ 0x5A for byte in flight.key)
            case "clear":
                flight.key = None
            case "stamp-old":
                flight.skew_us = -fault.value * 1_000_000
            case "stamp-new":
                flight.skew_us = fault.value * 1_000_000
            case "sequence-stuck":
                flight.sequence = self._before or flight.sequence
            case "sequence-hex":
                flight.sequence = HEX_SEQUENCE
            case _:
                pass

    def _transmit(self, now_s: float) -> None:
        """Write every flight that still waits for its acknowledgement."""
        flights = self._flights
        self._is_used = True
        self._deadline_s = now_s + self._manner.wait_s
        if self._manner.poll_interval_s is not None:
            self._poll_at_s = now_s + self._manner.poll_interval_s
        if len(flights) == 1:
            self._put(flights[0], now_s)
            if flights[0].acks_due == 0:  # a captured frame that nobody can read: no answer is awaited
                self._close(flights.pop(), now_s)
            return
        pieces: list[bytes] = []
        for flight in flights:
            if flight.acked_at_s is None:
                pieces.append(self._frame(flight, now_s))
                self._count(flight, now_s)
        self._out.append(b"".join(pieces))

    def _put(self, flight: Flight, now_s: float) -> None:
        frame = self._frame(flight, now_s)
        is_first = flight.tries == 0
        self._count(flight, now_s)
        fault = flight.fault
        if fault is None or not is_first:
            self._out.append(frame)
            return
        is_binary = self._manner.crc_form == "binary"
        match fault.name:
            case "bad-crc":
                self._out += (break_crc(frame, is_binary=is_binary), frame)
            case "bad-length":
                self._out += (break_length(frame, fault.value, is_binary=is_binary), frame)
            case "truncated":
                self._out += (truncate(frame), frame)
            case "split":
                at = min(fault.value, len(frame) - 1)
                self._out.append(frame[:at])
                self._rest = (now_s + SPLIT_PAUSE_S, frame[at:])
            case "nul-after-cr":
                self._out.append(frame + b"\0")
            case "lf-after-cr":
                self._out.append(frame + b"\n")
            case "repeat":
                self._out += [frame] * (1 + fault.value)
                self._count_repeats(flight, fault.value)
            case "repeat-stamp" | "repeat-encrypted":
                step = 1 if fault.name == "repeat-stamp" else 0
                self._out.append(frame)
                self._out += [self._make(flight, now_s, step * (k + 1)) for k in range(fault.value)]
                self._count_repeats(flight, fault.value)
            case _:
                self._out.append(frame)

    def _frame(self, flight: Flight, now_s: float) -> bytes:
        if isinstance(flight.message, RawFrameDue):
            assert flight.ready is not None, "a captured frame is its own bytes"
            return flight.ready
        if flight.ready is None or now_s - flight.made_at_s > FRESH_S:
            flight.ready = self._make(flight, now_s, 0)
            flight.made_at_s = now_s
        return flight.ready

    def _make(self, flight: Flight, now_s: float, further: int) -> bytes:
        message = flight.message
        assert isinstance(message, Message), "captured frames are never made anew"
        sequence = flight.sequence or _POLL_SEQUENCE
        return self.pen.frame(message, sequence, now_s, skew_us=flight.skew_us, key=flight.key, further=further)

    def _count(self, flight: Flight, now_s: float) -> None:
        flight.tries += 1
        flight.attempts += 1
        self._tally.transmissions += 1
        if flight.first_at_s is None:
            flight.first_at_s = now_s
            if flight.is_poll:
                self._tally.polls_sent += 1

    def _count_repeats(self, flight: Flight, count: int) -> None:
        flight.tries += count
        self._tally.repeats_sent += count
        self._tally.transmissions += count

    # -- answers -----------------------------------------------------------------------------------------------------

    def _read(self, item: RawFrame | Broken, now_s: float) -> None:
        tally = self._tally
        if isinstance(item, Broken):
            tally.wrong += 1
            return
        answer = read_answer(item, self.panel.key) or self._read_sealed(item)
        if answer is None or answer.kind == "RSP":
            tally.wrong += 1
        elif answer.kind == "NAK":
            self._take_nak(answer, now_s)
        else:
            self._take(answer, now_s)

    def _read_sealed(self, item: RawFrame) -> Answer | None:
        """Read the head alone of an encrypted answer to a captured frame whose key we were not given."""
        head = read_header(item.body)
        if self.panel.key is not None or head is None or not head.encrypted or head.token not in _ACK_ONLY:
            return None
        if not any(isinstance(flight.message, RawFrameDue) for flight in self._flights):
            return None
        return Answer(
            kind="ACK",
            sequence=head.sequence,
            receiver=head.receiver,
            line=head.line,
            account=head.account,
            encrypted=True,
            timestamp=None,
        )

    def _take(self, answer: Answer, now_s: float) -> None:
        """An ACK or a DUH: find its message, by everything that it must echo."""
        tally = self._tally
        flight = next((one for one in self._flights if one.acks_due > 0 and self._fits(answer, one)), None)
        if flight is None:
            self._take_late(answer)
            return
        flight.answers += 1
        if answer.kind == "DUH":
            tally.duh += 1
            flight.last_answer = "DUH"
            if flight.acked_at_s is None:
                self._flights.remove(flight)
                self._close(flight, now_s)
            return
        if not flight.is_poll:
            tally.ack += 1
        flight.acks_due -= 1
        if flight.is_ignoring:
            flight.is_ignoring = False
            return
        if flight.acked_at_s is None:
            flight.acked_at_s = now_s
        if flight.acks_due == 0:
            self._flights.remove(flight)
            self._close(flight, now_s)

    def _fits(self, answer: Answer, flight: Flight) -> bool:
        message = flight.message
        if isinstance(message, RawFrameDue):
            head = (message.receiver, message.line, message.account)
            is_encrypted = message.is_encrypted
        else:
            head = (self.panel.receiver, self.panel.line, self.panel.account)
            is_encrypted = flight.key is not None
        line = answer.line
        if line == "0" and head[1] == "":  # a bare L is taken as L0 and answered so (DC09.md section 15)
            line = ""
        if answer.sequence != flight.sequence or (answer.receiver, line, answer.account) != head:
            return False
        expects_silence = flight.fault is not None and flight.fault.mode.expected == "silence"
        return answer.kind == "DUH" or answer.encrypted == is_encrypted or expects_silence

    def _take_late(self, answer: Answer) -> None:
        owed = self._owed.get(answer.sequence, 0)
        if owed:
            self._tally.late += 1
            if owed == 1:
                del self._owed[answer.sequence]
            else:
                self._owed[answer.sequence] = owed - 1
        else:
            self._tally.wrong += 1

    def _take_nak(self, answer: Answer, now_s: float) -> None:
        """Set the clock and send the message again: a NAK names no message, so it is the first one unanswered."""
        tally = self._tally
        told = parse_stamp(answer.timestamp or "")
        flight = next((one for one in self._flights if one.answers < one.tries), None)
        if flight is None or told is None:
            tally.wrong += 1
            return
        tally.nak += 1
        flight.answers += 1
        flight.last_answer = "NAK"
        self.pen.correct_clock(now_s, told)
        if isinstance(flight.message, RawFrameDue) or flight.attempts >= self._manner.tries:
            self._flights.remove(flight)
            self._close(flight, now_s)
            return
        flight.skew_us = 0
        flight.ready = None
        self._out.append(self._frame(flight, now_s))
        self._count(flight, now_s)
        self._deadline_s = now_s + self._manner.wait_s

    def _time_out(self, now_s: float) -> None:
        kept: list[Flight] = []
        for flight in self._flights:
            if flight.acked_at_s is not None:
                self._tally.repeats_unanswered += flight.acks_due
                self._close(flight, now_s)
                continue
            if flight.fault is not None and flight.fault.name == "ignore-ack" and flight.answers > 0:
                flight.attempts -= 1  # the repeat is the panel's own wish and costs it no try
                if flight.answers == flight.tries:
                    self._tally.repeats_sent += 1
                    kept.append(flight)
                    continue
            self._tally.none += 1
            flight.last_answer = "none"
            if flight.attempts < self._manner.tries:
                kept.append(flight)
            else:
                self._close(flight, now_s)
        self._flights = kept
        if kept:
            self._transmit(now_s)

    # -- the end of a message ----------------------------------------------------------------------------------------

    def _close(self, flight: Flight, now_s: float, *, is_stopped: bool = False) -> None:
        """Book a message's end. Whoever calls takes it off the list."""
        tally = self._tally
        open_answers = flight.tries - flight.answers
        if open_answers > 0 and flight.sequence is not None and len(self._owed) < OWED_MAX:
            self._owed[flight.sequence] = self._owed.get(flight.sequence, 0) + open_answers
        acked_at_s = flight.acked_at_s
        if flight.is_poll:
            if acked_at_s is not None:
                tally.polls_acked += 1
            elif not is_stopped:
                tally.polls_never += 1
            return
        if acked_at_s is None:
            tally.give_up(self._line(flight))
            return
        tally.acked += 1
        if flight.first_at_s is not None:
            tally.latency.add(acked_at_s - flight.first_at_s)
        if flight.fault is not None and flight.fault.mode.expected == "silence":
            tally.unexpected += 1
        if tally.ledger is not None:
            tally.ledger.acked(self._line(flight))

    def _line(self, flight: Flight) -> LedgerLine:
        message, wall = flight.message, self.pen.wall_us
        is_raw = isinstance(message, RawFrameDue)
        expected = "silence" if flight.sequence is None else "ack"
        if flight.fault is not None:
            expected = flight.fault.mode.expected
        return LedgerLine(
            account=message.account if is_raw else self.panel.account,
            sequence=flight.sequence or "",
            number=message.number,
            token=message.token,
            data="" if is_raw else message.data,
            sent_at=None if flight.first_at_s is None else wall(flight.first_at_s),
            acked_at=None if flight.acked_at_s is None else wall(flight.acked_at_s),
            tries=flight.tries,
            answer="ACK" if flight.acked_at_s is not None else flight.last_answer,
            fault=None if flight.fault is None else flight.fault.name,
            expected=expected,
        )
