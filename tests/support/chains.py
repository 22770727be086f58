"""Chains and groups as tests write them."""

from tocsin.model.chains import Again, ChainRow, ChainStepRow, GroupRow, Member, Need, Strength


def step(kind, *, wait_s=0, roles=(), users=(), groups=(), channels=(), **more):
    return ChainStepRow(channels=channels, groups=groups, kind=kind, roles=roles, users=users, wait_s=wait_s, **more)


def wait(seconds):
    return step("wait", wait_s=seconds)


def chain(*steps, name="crew", priorities=(1,), types=(), sites=(), strength=None, again=None):
    return ChainRow(
        again=None if again is None else Again(after_s=again[0], times=again[1]),
        name=name,
        priorities=priorities,
        removed=False,
        sites=sites,
        steps=steps,
        strength=strength,
        types=types,
    )


def strength(coming, **needs):
    return Strength(coming=coming, needs=tuple(Need(capability=name, count=count) for name, count in needs.items()))


def group(name="crew", **members):
    """People by their ids with `_` for `-`, each with what they can do."""
    return GroupRow(
        members=tuple(Member(capabilities=able, user=user.replace("_", "-")) for user, able in members.items()),
        name=name,
        removed=False,
    )
