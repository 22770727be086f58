"""Floor plans of sites: kept sealed under a key of their own, so that removing one destroys its picture for ever."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from tocsin.centre.configuration import Run
from tocsin.centre.editing import Overtaken, who_made
from tocsin.centre.values import Values
from tocsin.model.errors import BadInput, Conflict
from tocsin.model.journal import EntryRow, Fact
from tocsin.model.plans import (
    FULL,
    LEVEL_MAX,
    LEVEL_MIN,
    PICTURE_BYTES_MAX,
    PICTURE_FIELD,
    PLAN_SET,
    PLAN_ZONES_MAX,
    PLANS_MAX,
    SITE_PLANS_MAX,
    DrawnPlan,
    FloorPlan,
    PlanRow,
    PlanZone,
)
from tocsin.model.ports import Appender, Clock, Ids, Store, StoreTransaction
from tocsin.model.sites import zone_number
from tocsin.model.values import Actor, Ref, Seq


class _Entry(msgspec.Struct, gc=False):
    body: PlanRow
    ref: Ref


_ENTRY: Final = msgspec.json.Decoder(_Entry)


class FloorPlans:
    """Plans of sites. From any thread but the writer's."""

    def __init__(self, *, store: Store, run: Run, clock: Clock, ids: Ids, values: Values) -> None:
        """Work on these."""
        self._store = store
        self._run = run
        self._clock = clock
        self._ids = ids
        self._values = values

    def of_site(self, site_id: Ref) -> list[FloorPlan]:
        """The plans of a site, the lowest level first."""
        return sorted(self._store.floor_plans([site_id]), key=lambda one: (one.row.level, one.seq))

    def one(self, id_: Ref) -> FloorPlan:
        """A plan.

        Raises:
            BadInput: there is none.
        """
        found = next((one for one in self._store.floor_plans() if one.id == id_), None)
        if found is None:
            raise BadInput(
                "There is no such floor plan, or not any more. Nothing was changed. Look at the site again",
                "plan.unknown",
            )
        return found

    def picture(self, plan: FloorPlan) -> bytes | None:
        """Its picture; None where its key is no more."""
        rows = [row for row in self._store.values(plan.id, PICTURE_FIELD) if row.ref == plan.row.content]
        return next(iter(self._values.open(rows).values()), None)

    def add(self, site_id: Ref, level: int, drawn: DrawnPlan, actor: Actor) -> FloorPlan:
        """Add a plan to a site.

        Raises:
            BadInput: there is no such site or level.
            Conflict: it has as many as it may have.
        """
        _check_level(level)
        id_ = Ref(f"plan-{int.from_bytes(self._ids.token_bytes(6), 'big') + 1}")
        value = self._values.seal(id_, PICTURE_FIELD, drawn.picture, is_new=True, most=PICTURE_BYTES_MAX)
        row = PlanRow(
            content=value.ref,
            height_px=drawn.height_px,
            level=level,
            media=drawn.media,
            site_id=site_id,
            size_bytes=len(drawn.picture),
            width_px=drawn.width_px,
            zones=(),
        )

        def work(transaction: StoreTransaction, appender: Appender) -> FloorPlan:
            if not self._store.sites([site_id]):
                raise BadInput(
                    "There is no such site, or not any more. Nothing was changed. Look at the list again",
                    "sites.unknown",
                )
            there = self._store.floor_plans()
            if len(there) >= PLANS_MAX or sum(one.row.site_id == site_id for one in there) >= SITE_PLANS_MAX:
                raise Conflict(
                    f"A site has at most {SITE_PLANS_MAX} floor plans, and a centre {PLANS_MAX:,}. Nothing was "
                    "changed. Remove one first",
                    "plan.full",
                )
            self._values.store(transaction, [value], appender.at)
            return _put(transaction, appender, id_, row, actor)

        return self._run(lambda journal: journal.decide(work))

    def change(self, id_: Ref, version: Seq, level: int, zones: Sequence[PlanZone], actor: Actor) -> FloorPlan:
        """Say which level a plan shows, and where zones are on it: these and no others.

        Raises:
            BadInput: no such plan, level, place or zone; or a zone twice.
            Overtaken: somebody else changed it since `version`.
        """
        _check_level(level)
        placed = tuple(msgspec.structs.replace(one, number=zone_number(one.number)) for one in zones)
        if len(placed) > PLAN_ZONES_MAX or len({(one.account_id, one.number) for one in placed}) < len(placed):
            raise BadInput(
                f"A plan shows each zone once, and at most {PLAN_ZONES_MAX}. Nothing was changed. Leave some out",
                "plan.zones",
            )
        if any(not 0 <= one.x <= FULL or not 0 <= one.y <= FULL for one in placed):
            raise BadInput("A zone lies on its plan. Nothing was changed. Place it there", "plan.zones")

        def work(transaction: StoreTransaction, appender: Appender) -> FloorPlan:
            plan = self._current(id_, version)
            accounts = {one.id for one in self._store.account_page(None, 1_000, site_id=plan.row.site_id)}
            if any(one.account_id not in accounts for one in placed):
                raise BadInput(
                    "A plan shows zones of accounts that stand at its site. Nothing was changed. Leave the others out",
                    "plan.zones",
                )
            row = msgspec.structs.replace(plan.row, level=level, zones=placed)
            return _put(transaction, appender, id_, row, actor)

        return self._run(lambda journal: journal.decide(work))

    def replace(self, id_: Ref, version: Seq, drawn: DrawnPlan, actor: Actor) -> FloorPlan:
        """Put another picture in its place; zones stay where they are.

        Raises:
            BadInput, Overtaken: as `change`.
        """
        value = self._values.seal(id_, PICTURE_FIELD, drawn.picture, most=PICTURE_BYTES_MAX)

        def work(transaction: StoreTransaction, appender: Appender) -> FloorPlan:
            plan = self._current(id_, version)
            transaction.drop_values(id_)
            self._values.store(transaction, [value], appender.at)
            row = msgspec.structs.replace(
                plan.row,
                content=value.ref,
                height_px=drawn.height_px,
                media=drawn.media,
                size_bytes=len(drawn.picture),
                width_px=drawn.width_px,
            )
            return _put(transaction, appender, id_, row, actor)

        return self._run(lambda journal: journal.decide(work))

    def remove(self, id_: Ref, version: Seq, actor: Actor) -> None:
        """Remove a plan; its picture is destroyed.

        Raises:
            BadInput, Overtaken: as `change`.
        """
        self._remove([self._current(id_, version)], actor)

    def sweep(self, actor: Actor | None = None) -> None:
        """Remove the plans of sites that were removed."""
        plans = self._store.floor_plans()
        living = {one.id for one in self._store.sites({one.row.site_id for one in plans})} if plans else set[Ref]()
        gone = [one for one in plans if one.row.site_id not in living]
        if gone:
            self._remove(gone, actor)

    def _current(self, id_: Ref, version: Seq) -> FloorPlan:
        plan = self.one(id_)
        if plan.seq != version:
            raise Overtaken(id_, *who_made(self._store, plan.seq))
        return plan

    def _remove(self, plans: Sequence[FloorPlan], actor: Actor | None) -> None:
        ids = [one.id for one in plans]
        now = self._clock.now_us()

        def work(transaction: StoreTransaction, appender: Appender) -> None:
            there = {one.id for one in self._store.floor_plans()}
            for one in plans:
                if one.id in there:  # nobody was quicker
                    row = msgspec.structs.replace(one.row, content=None, zones=())
                    _put(transaction, appender, one.id, row, actor)
                transaction.drop_values(one.id)

        # The key first: killed between the two, the plan shows nothing and can be removed again.
        self._run(lambda journal: (self._values.destroy(ids, [], now), journal.decide(work)))


def plan_of(row: EntryRow) -> FloorPlan:
    """The plan that a fact says."""
    entry = _ENTRY.decode(row.entry)
    return FloorPlan(id=entry.ref, row=entry.body, seq=row.seq)


def rebuild_plans(rows: Iterable[EntryRow]) -> list[FloorPlan]:
    """Apply facts about plans again: what results equals the live table byte for byte, with the vault empty."""
    plans: dict[Ref, FloorPlan] = {}
    for row in rows:
        if row.kind == PLAN_SET:
            one = plan_of(row)
            plans[one.id] = one
            if one.row.content is None:
                del plans[one.id]
    return sorted(plans.values(), key=lambda one: one.id)


def _put(transaction: StoreTransaction, appender: Appender, id_: Ref, row: PlanRow, actor: Actor | None) -> FloorPlan:
    seq = appender.append(Fact(kind=PLAN_SET, body=row, ref=id_, actor=actor))
    made = FloorPlan(id=id_, row=row, seq=seq)
    transaction.put_floor_plans([made])
    return made


def _check_level(level: int) -> None:
    if not LEVEL_MIN <= level <= LEVEL_MAX:
        raise BadInput(
            f"A level is a number from {LEVEL_MIN} to {LEVEL_MAX}; 0 is the ground floor. Nothing was changed. Name "
            "such a level",
            "plan.level",
        )
