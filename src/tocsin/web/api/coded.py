"""A code and what it means: in many answers of the API."""

import msgspec

from tocsin.model.values import Code, Words


class Coded(msgspec.Struct, frozen=True, kw_only=True):
    """A code and what it means, in words."""

    code: Code
    words: Words
