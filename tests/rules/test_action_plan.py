"""Where the steps of a plan lead, what may not be left undone, what is refused when it is saved, and the dry run."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.action_plans import WORLD, ask, form, row, step
from tocsin.centre.action_plan_files import MissedFile, WhomFile, shipped_plans
from tocsin.model.action_plans import DryAnswer, PlanOf, StoredActionPlan
from tocsin.model.escalation import StepHours
from tocsin.rules.action_plan import (
    dry_run,
    ends_call,
    hash_of,
    leads_to,
    plan_for,
    results_of,
    steps_of,
    targets_of,
    unavoidable,
)
from tocsin.rules.action_plan_check import loop_of, problems_of, refused_of
from tocsin.rules.action_plan_words import RESULT_WORDS, all_results
from tocsin.rules.catalogue import shipped_catalogue

SHIPPED = shipped_plans()


def codes(made, world=WORLD):
    texts = {one.id: one for one in made.texts}
    return {(one.code, one.step) for one in problems_of(made.row, texts, world) if one.is_refused}


def wrong(made, code, step_id=None):
    """It is refused for this alone, and says what to do."""
    assert codes(made) == {(f"action_plan.{code}", step_id)}
    (one,) = refused_of(problems_of(made.row, {one.id: one for one in made.texts}, WORLD))
    assert len(one.words) > 30


# What is refused -----------------------------------------------------------------------------------------------------


def test_plan_that_can_be_is_not_refused():
    made = form(
        ask("seen", mandatory=True, goes={"yes": "send"}, next="call"),
        step("send", "dispatch", asks=("pump",), limit_s=60, missed=MissedFile("tell", "chain-1")),
        step("call", "call", call="keyholders"),
        step("line", "message", line="site_informed"),
    )
    assert codes(made) == set()


@pytest.mark.parametrize(
    ("steps", "loop"),
    [
        ((step("a", next="b"), step("b", next="a")), {"a", "b"}),
        ((step("a", next="a"),), {"a"}),
        ((step("a"), ask("b", goes={"no": "a"}), step("c")), {"a", "b"}),
        ((step("a", limit_s=60, missed=MissedFile("go", go="c")), step("b"), step("c", next="a")), {"a", "b", "c"}),
    ],
)
def test_loop_is_refused_and_named_by_its_steps(steps, loop):
    made = form(*steps)
    ((code, _),) = codes(made)
    assert code == "action_plan.loop"
    assert set(loop_of(made.row)) <= loop
    words = next(one.words for one in problems_of(made.row, {one.id: one for one in made.texts}, WORLD))
    assert all(f"{one}" in words for one in loop_of(made.row))
    assert " -> " in words


def test_step_that_no_way_leads_to_is_refused():
    wrong(form(step("a", next="c"), step("b"), step("c")), "unreachable", "b")


def test_step_that_leads_nowhere_is_refused():
    wrong(form(step("a", next="z")), "target", "a")


def test_missed_limit_with_nobody_to_tell_is_refused():
    wrong(form(step("a", limit_s=60, missed=MissedFile("tell", "chain-9"))), "nobody", "a")
    wrong(form(step("a", limit_s=60, missed=MissedFile("tell", "chain-2"))), "nobody", "a")


def test_missed_limit_for_supervisors_whom_nothing_reaches_is_said_and_not_refused():
    made = form(step("a", limit_s=60, missed=MissedFile("tell")))
    world = WORLD._replace(has_supervisor=False)
    (one,) = problems_of(made.row, {one.id: one for one in made.texts}, world)
    assert (one.code, one.is_refused) == ("action_plan.nobody", False)


def test_wait_that_is_too_long_is_refused():
    wrong(form(step("a", "wait", wait_s=4 * 3_600 + 1)), "wait", "a")
    many = [step(f"w{n}", "wait", wait_s=4 * 3_600) for n in range(7)]
    wrong(form(*many), "wait")


@pytest.mark.parametrize(
    "words",
    [
        "Ask for the nationality of the caller.",
        "Describe the clothing.",
        "How many people are in the crowd?",
        "Write down the licence plate.",
        "Is it a suspicious person?",
    ],
)
def test_words_that_scope_declines_are_refused(words):
    wrong(form(step("a", words=words)), "scope", "a")


@pytest.mark.parametrize(
    "words", ["Which number is on the orange plate?", "How many are hurt?", "Which door, and what colour is the smoke?"]
)
def test_words_about_hazards_and_help_are_taken(words):
    assert codes(form(step("a", words=words))) == set()


def test_step_without_words_is_refused():
    wrong(form(step("a", words="  ")), "words", "a")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (step("end"), "id"),
        (step("a", "notify"), "who"),
        (step("a", "notify", whom=WhomFile(users=("user-9",))), "who"),
        (step("a", "call"), "call"),
        (step("a", "call", call="number"), "telephone"),
        (step("a", "call", call="number", telephone="ask Ana"), "telephone"),
        (step("a", "question"), "answers"),
        (step("a", "question", answers="choice", choices="mood"), "answers"),
        (step("a", "decision", answers="number"), "answers"),
        (step("a", "message"), "line"),
        (step("a", "dispatch", asks=("tank",)), "asks"),
        (step("a", wait_s=30), "field"),
        (step("a", "wait", wait_s=30, limit_s=60), "field"),
        (step("a", limit_s=1), "limit"),
        (step("a", missed=MissedFile("mark")), "limit"),
        (step("a", limit_s=60, missed=MissedFile("go")), "missed"),
        (ask("a", goes={"maybe": "end"}), "result"),
        (step("a", next="queue"), "way_out"),
    ],
)
def test_step_that_cannot_be_is_refused_with_its_reason(bad, code):
    assert (f"action_plan.{code}", bad.id) in codes(form(bad))


def test_two_steps_of_one_id_are_refused():
    wrong(form(step("a"), step("a")), "id", "a")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "Fire Alarm"}, "name"),
        ({"types": ("FIRE-NONE",)}, "type"),
        ({"sites": ("site-9",)}, "site"),
        ({"name": "for-nobody"}, "for_nothing"),
    ],
)
def test_plan_that_fits_nothing_is_refused(fields, code):
    found = {one for one, _ in codes(form(step("a"), **fields))}
    assert f"action_plan.{code}" in found


def test_plan_without_steps_or_with_too_many_is_refused():
    assert ("action_plan.steps", None) in codes(form())
    assert ("action_plan.steps", None) in codes(form(*[step(f"s{n}") for n in range(41)]))


def test_optional_step_that_decides_about_a_mandatory_one_is_pointed_out():
    made = form(ask("seen", goes={"no": "end"}), step("send", "dispatch", mandatory=True))
    (one,) = problems_of(made.row, {one.id: one for one in made.texts}, WORLD)
    assert (one.code, one.is_refused, one.step) == ("action_plan.hides", False, "seen")


# Without an operator -------------------------------------------------------------------------------------------------

WAIT = step("back", "wait", wait_s=60, until_returned=True, goes={"returned": "handled"}, next="queue")


def test_technical_plan_may_begin_without_an_operator():
    assert codes(form(step("look", next="end"), WAIT, name="technical-line", alone="back")) == set()


def test_no_other_class_may():
    assert codes(form(step("look", next="end"), WAIT, name="fire-alarm", alone="back")) == {("action_plan.alone", None)}
    mixed = form(step("look", next="end"), WAIT, types=("TECH-LINE", "FIRE-ALARM"), alone="back")
    assert codes(mixed) == {("action_plan.alone", None)}


def test_way_without_an_operator_that_needs_one_is_refused():
    made = form(
        step("look", next="end"), step("back", "wait", wait_s=60, next="look"), name="technical-line", alone="back"
    )
    assert ("action_plan.no_way_out", "look") in codes(made)


def test_way_without_an_operator_does_not_just_end():
    made = form(step("look", next="end"), step("back", "wait", wait_s=60), name="technical-line", alone="back")
    assert codes(made) == {("action_plan.no_way_out", "back")}


# Which plan ----------------------------------------------------------------------------------------------------------


def stored(n, made):
    return StoredActionPlan(f"action-plan-{n}", made, n, hash_of(made))


def picked(own, **of):
    fields = {"at": 0, "site": "site-1", "type": "FIRE-ALARM", **of}
    found = plan_for(own, SHIPPED, PlanOf(**fields), lambda hours, at: hours.from_min <= at < hours.to_min)
    return found.id if isinstance(found, StoredActionPlan) else None if found is None else found.name


def test_site_counts_before_type_and_type_before_the_name_of_the_catalogue():
    name = stored(1, row(step("a")))
    type_ = stored(2, row(step("a"), name="smoke", types=("FIRE-ALARM",)))
    site = stored(3, row(step("a"), name="here", sites=("site-1",)))
    assert picked([]) == "fire-alarm"
    assert picked([name]) == "action-plan-1"
    assert picked([name, type_]) == "action-plan-2"
    assert picked([name, type_, site]) == "action-plan-3"
    assert picked([name, type_, site], site="site-2") == "action-plan-2"
    assert picked([name, type_, site], site="site-2", type="FIRE-SMOKE") == "action-plan-1"


def test_plan_of_some_hours_counts_within_them():
    night = msgspec.structs.replace(
        row(step("a"), name="night", types=("FIRE-ALARM",)), hours=StepHours(from_min=5, to_min=9, zone="UTC")
    )
    day = stored(1, row(step("a"), name="day", types=("FIRE-ALARM",)))
    assert picked([day, stored(2, night)], at=7) == "action-plan-2"
    assert picked([day, stored(2, night)], at=9) == "action-plan-1"


def test_in_silence_the_plan_of_a_hold_up_counts():
    own = stored(1, row(step("a"), name="smoke", types=("FIRE-ALARM",)))
    assert picked([own], is_silent=True) == "hold-up"


def test_type_that_no_catalogue_has_gets_no_plan():
    assert picked([], type="NONE") is None


# What may not be left undone -----------------------------------------------------------------------------------------


def test_mandatory_steps_on_every_way_are_unavoidable_and_others_are_not():
    made = row(
        ask("seen", mandatory=True, goes={"no": "call"}),
        step("send", mandatory=True),
        step("call", mandatory=True),
        step("line"),
    )
    assert unavoidable(made, "seen") == ("seen", "call")
    assert unavoidable(made, "send") == ("send", "call")
    assert unavoidable(made, "seen", {"seen"}) == ("call",)
    assert unavoidable(made, "end") == ()


def test_missed_limit_that_leads_elsewhere_is_a_way_too():
    made = row(step("a", limit_s=60, missed=MissedFile("go", go="c")), step("b", mandatory=True), step("c"))
    assert unavoidable(made, "a") == ()


def test_what_is_unavoidable_stands_in_the_order_of_the_plan_whatever_the_order_of_the_ways():
    made = row(step("a", mandatory=True, next="c"), step("b", mandatory=True), step("c", mandatory=True, next="b"))
    made = msgspec.structs.replace(
        made, steps=(made.steps[0], msgspec.structs.replace(made.steps[1], next="end"), made.steps[2])
    )
    assert unavoidable(made, "a") == ("a", "b", "c")


# Calls ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "has_more", "result"),
    [
        ("attends", True, "attends"),
        ("duress", True, "duress"),
        ("wrong_phrase", True, "wrong_phrase"),
        ("no_answer", True, None),
        ("refuses", True, None),
        ("no_answer", False, "nobody"),
        ("voicemail", True, "voicemail"),
    ],
)
def test_call_list_is_called_until_one_comes_or_it_is_through(outcome, has_more, result):
    made = row(step("k", "call", call="keyholders", goes={"voicemail": "end"}))
    assert ends_call(made.steps[0], outcome, has_more=has_more) == result


def test_office_that_is_busy_is_called_again():
    made = row(step("k", "call", call="number"))
    assert [ends_call(made.steps[0], one, has_more=False) for one in ("busy", "refuses")] == [None, "refuses"]


# Dry run -------------------------------------------------------------------------------------------------------------


def ran(made, *answers, alone=False):
    found = dry_run(made, [DryAnswer(step=id_, result=result, after_s=s) for id_, result, s in answers], alone=alone)
    return [(one.step, one.at_s, one.result) for one in found.steps], found.ends, found.undone


def test_dry_run_goes_by_the_answers_and_adds_up_the_times():
    made = row(ask("seen", goes={"no": "line"}), step("send", mandatory=True), step("line"))
    assert ran(made, ("seen", "yes", 10), ("send", "done", 30), ("line", "done", 5)) == (
        [("seen", 0, "yes"), ("send", 10, "done"), ("line", 40, "done")],
        "end",
        (),
    )
    assert ran(made, ("seen", "no", 3)) == ([("seen", 0, "no"), ("line", 3, None)], None, ())


def test_dry_run_stops_at_a_step_without_an_answer_and_says_what_is_undone():
    made = row(step("a"), step("b", mandatory=True))
    assert ran(made, ("a", "done", 1)) == ([("a", 0, "done"), ("b", 1, None)], None, ("b",))


def test_dry_run_goes_on_where_a_missed_limit_leads():
    made = row(step("a", mandatory=True, limit_s=30, missed=MissedFile("go", go="c")), step("b"), step("c"))
    assert ran(made, ("a", "done", 40), ("c", "done", 1)) == (
        [("a", 0, "missed"), ("c", 30, "done")],
        "end",
        ("a",),
    )


def test_dry_run_without_an_operator_waits_and_tells_by_itself():
    made = SHIPPED.rows["technical-line"]
    steps, ends, _ = ran(made, alone=True)
    assert [one for one, _, _ in steps] == ["wait-return", "tell-first", "wait-again", "tell-again", "wait-last"]
    assert (steps[-1][1], ends) == (600 + 1800, "queue")
    steps, ends, _ = ran(made, ("wait-return", "returned", 20), alone=True)
    assert ([one for one, _, _ in steps], ends) == (["wait-return", "settle"], "handled")


@st.composite
def plans(draw):
    """Plans without a loop: each step leads to a later one or out."""
    size = draw(st.integers(1, 9))
    made = []
    for n in range(size):
        ahead = [f"s{m}" for m in range(n + 1, size)] + ["end"]
        goes = {"yes": draw(st.sampled_from(ahead)), "no": draw(st.sampled_from(ahead))}
        mandatory = draw(st.booleans())
        made.append(ask(f"s{n}", mandatory=mandatory, goes=goes, next=draw(st.sampled_from(ahead))))
    return row(*made)


@given(plans(), st.lists(st.sampled_from(["yes", "no", "unknown"]), min_size=9, max_size=9))
def test_every_dry_run_ends_and_has_done_what_was_unavoidable(made, results):
    answers = [
        DryAnswer(step=one.id, result=result, after_s=1) for one, result in zip(made.steps, results, strict=False)
    ]
    found = dry_run(made, answers)
    assert found.ends == "end"
    assert set(unavoidable(made, made.steps[0].id)) <= {one.step for one in found.steps}
    assert found.undone == ()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=6, max_size=6))
def test_loops_are_found_wherever_they_are_and_never_else(edges):
    made = row(
        *[ask(f"s{n}", goes={"yes": f"s{a}"}, next=f"s{b}" if b != n else "end") for n, (a, b) in enumerate(edges)]
    )
    steps = steps_of(made)

    def reaches(begin, seen):
        for one in targets_of(steps[begin]):
            if one in steps and one not in seen:
                seen.add(one)
                reaches(one, seen)
        return seen

    looping = {id_ for id_ in steps if id_ in reaches(id_, set())}
    loop = loop_of(made)
    assert bool(loop) == bool(looping)
    assert set(loop) <= looping
    ends = dry_run(made, [DryAnswer(step=id_, result="yes", after_s=1) for id_ in steps])
    assert len(ends.steps) <= 41


# What ships ----------------------------------------------------------------------------------------------------------


def shipped_world():
    named = {}
    for type_, name in SHIPPED.of_type.items():
        named.setdefault(name, []).append(type_)
    return WORLD._replace(of_name=named)


def test_every_type_of_the_catalogue_has_a_plan_and_every_plan_a_type():
    assert len(SHIPPED.rows) == 32
    assert set(SHIPPED.of_type) == set(shipped_catalogue().types)
    assert set(SHIPPED.of_type.values()) == set(SHIPPED.rows)


@pytest.mark.parametrize("name", sorted(SHIPPED.rows))
def test_shipped_plan_passes_its_check_without_a_word_and_can_be_gone_through(name):
    made = SHIPPED.rows[name]
    assert problems_of(made, {}, shipped_world()) == []
    for pick in (0, 1, -1):
        answers = [
            DryAnswer(step=one.id, result=results_of(one)[min(pick, len(results_of(one)) - 1)], after_s=1)
            for one in made.steps
        ]
        assert dry_run(made, answers).ends == "end"
    assert unavoidable(made, made.steps[0].id), "something must be done, or there is no need of a plan"


def test_no_shipped_plan_instructs_in_medicine_or_at_all():
    assert [one for made in SHIPPED.rows.values() for one in made.steps if one.kind == "instruct"] == []


def test_shipped_plan_of_a_hold_up_calls_nobody_at_the_place():
    assert [one.kind for one in SHIPPED.rows["hold-up"].steps if one.kind in ("call", "question")] == []


def test_only_technical_plans_begin_without_an_operator():
    assert {name for name, made in SHIPPED.rows.items() if made.alone} == {"technical-line", "technical-site"}


def test_every_result_has_words():
    assert set(all_results()) <= set(RESULT_WORDS)


def test_leads_to_what_the_result_says_or_on():
    made = row(ask("a", goes={"yes": "c"}), step("b"), step("c"))
    assert [leads_to(made.steps[0], one) for one in ("yes", "no")] == ["c", "b"]
