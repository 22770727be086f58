"""Who is on duty in the demo: phones, rosters, desks, a chain that tells them, and a test that ends by itself.

Numbers are of ranges that are reserved for fiction. Nothing is sent but to the demo's own simulated telephones.
"""

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from tocsin.centre.centre import Centre
from tocsin.centre.contacts import set_contact
from tocsin.centre.roster_turns import local_day
from tocsin.centre.rosters import Wanted as WantedRoster
from tocsin.centre.shifts import Wanted as WantedDesk
from tocsin.centre.site_tests import Wanted as WantedTest
from tocsin.cli.folder import CentreAccess
from tocsin.model.chains import ChainRow, ChainStepRow, StepKind
from tocsin.model.errors import Conflict
from tocsin.model.notices import Channel, Contact, ContactAddress
from tocsin.model.ports import Appender, StoreTransaction
from tocsin.model.rosters import RosterLayer
from tocsin.model.values import Actor, Code, Micros, Ref, ZoneName
from tocsin.panel.town import Town
from tocsin.system import SystemClock

__all__ = ["NUMBERS", "TEXT_S", "VOICE_S", "begin_test", "fill_duty"]

NUMBERS: Final = {"Dan": "+12025550142", "Cleo": "+12025550143"}
"""Who has a telephone: whoever is on call, and a supervisor."""

CHANNELS: Final[tuple[Channel, ...]] = ("sms", "voice")
ZONE: Final = ZoneName("Europe/London")
WATCH: Final = Code("Fire-watch")
NIGHTS: Final = Code("Pumps-at-night")
CHAIN: Final = Code("duty-officer")
TEXT_S: Final = 15
"""So long after an alarm of priority 1 that nobody has claimed whoever is on call has a message."""

VOICE_S: Final = 30
"""And so long after it the phone rings."""

THEN_S: Final = 30
"""And so long after that the supervisors: no longer than a fire may wait for its claim."""

WEEK_DAYS: Final = 7


def fill_duty(centre: CentreAccess, people: Mapping[str, Actor], boss: Actor) -> None:
    """Bring it in, once: what somebody changed of it afterwards stays as they left it. The desks come last."""
    held = centre.asked
    assert isinstance(held, Centre), "the demo is filled before it runs"
    if held.shifts.desks():
        return
    _fill_phones(held, people)
    if not held.rosters.all():
        _fill_rosters(held, people, boss)
    (watch, *_) = held.rosters.all()
    # The chain is checked against what the centre can send by once it runs.
    held.outbox.use({(channel, 1) for channel in CHANNELS}, "", "", lambda: None)
    with contextlib.suppress(Conflict):  # an earlier start made it, and was ended before the desks
        held.chains.make(_chain(watch.id), boss)
    held.shifts.set_desk(None, WantedDesk(hazards=(), label=Code("North"), priorities=(), roster=watch.id), boss)
    held.shifts.set_desk(None, WantedDesk(hazards=(), label=Code("South"), priorities=(3, 4)), boss)


def begin_test(centre: CentreAccess, actor: Actor) -> None:
    """Put a panel on test for a minute or so, from now on; where it is on test still, it stays so."""
    held = centre.asked
    assert isinstance(held, Centre), "the demo is filled before it runs"
    tested = Town().traffic.on_test
    account = next(one for one in centre.accounts() if one.row.account == tested.account)
    wanted = WantedTest(
        account_id=account.id,
        asked_by="installer",
        company=Code("Finn-made-up"),
        live=(),
        not_live=(),
        partition=None,
        reason="walk_test",
        site_id=None,
        until=Micros(SystemClock().now_us() + int(tested.ends_s * 1_000_000)),
        zones=(),
    )
    try:
        held.site_tests.begin(wanted, actor)
    except Conflict as fault:
        if fault.code != "on_test.same":
            raise


def _fill_phones(held: Centre, people: Mapping[str, Actor]) -> None:
    for name, number in NUMBERS.items():
        person = people.get(name)
        if person is None or held.contacts.of(person):
            continue
        held.contacts.set_reach(person, "from_home", not_now_until=None, on_duty_until=None)
        for channel in CHANNELS:
            made = held.contacts.add(person, channel, ContactAddress(address=number))
            _mark_tested(held, made)


def _mark_tested(held: Centre, contact: Contact) -> None:
    """As if its owner had answered a test: a simulated telephone gets everything."""

    def work(transaction: StoreTransaction, appender: Appender) -> None:
        row = msgspec.structs.replace(contact.row, reason=Code("tested"), tested_at=appender.at)
        set_contact(transaction, appender, contact.id, row, None)

    held.run(lambda journal: journal.decide(work))


def _fill_rosters(held: Centre, people: Mapping[str, Actor], boss: Actor) -> None:
    today = local_day(SystemClock().now_us(), UTC)
    monday = today - datetime.fromtimestamp(today * 86_400, UTC).weekday()
    # Dan has this week. His turn began on Monday at 8; until then it is the week before.
    turns = _layer((people["Cleo"], people["Dan"]), first_day=monday - WEEK_DAYS)
    held.rosters.put(None, WantedRoster(label=WATCH, layers=(turns,), zone=ZONE), None, boss)
    nights = _layer((people["Dan"],), first_day=monday - WEEK_DAYS, from_min=20 * 60, to_min=6 * 60)
    held.rosters.put(None, WantedRoster(label=NIGHTS, layers=(nights,), zone=ZONE), None, boss)


def _layer(users: tuple[Actor, ...], *, first_day: int, from_min: int = 0, to_min: int = 1440) -> RosterLayer:
    return RosterLayer(
        at_min=8 * 60,
        first_day=first_day,
        from_min=from_min,
        to_min=to_min,
        turn_days=WEEK_DAYS,
        users=users,
        weekdays=(),
    )


def _chain(watch: Ref) -> ChainRow:
    """A message to whoever is on call, then a call, then the supervisors."""
    return ChainRow(
        again=None,
        name=CHAIN,
        priorities=(1,),
        removed=False,
        sites=(),
        steps=(
            _step("wait", wait_s=TEXT_S),
            _step("notify", rosters=(watch,), channels=("sms",)),
            _step("wait", wait_s=VOICE_S - TEXT_S),
            _step("notify", rosters=(watch,), channels=("voice",)),
            _step("wait", wait_s=THEN_S),
            _step("supervisor"),
        ),
        strength=None,
        types=(),
    )


def _step(
    kind: StepKind, *, wait_s: int = 0, rosters: tuple[Ref, ...] = (), channels: tuple[Channel, ...] = ()
) -> ChainStepRow:
    return ChainStepRow(channels=channels, groups=(), kind=kind, roles=(), rosters=rosters, users=(), wait_s=wait_s)
