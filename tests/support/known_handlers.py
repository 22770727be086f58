"""What Litestar works out of a handler's signature, worked out once in a process of tests and not once a test.

A test that asks the application makes one: 250 routes, whose functions are new each time and have the same code. Half
of the time goes into reading their signatures again. Here they are remembered by that code; one with other annotations
or defaults than before is read anew. A centre that is forked for a test (`support.zygote`) has read them before it was;
one that is started anew, as by whoever measures the start, reads them itself.
"""

import functools
import inspect
from pathlib import Path
from typing import Any, cast

from litestar._signature import SignatureModel
from litestar.utils.signature import ParsedSignature

_read = ParsedSignature.from_fn
_create = SignatureModel.create
_SIGNATURES: dict[Any, tuple[Any, ParsedSignature]] = {}
_MODELS: dict[Any, tuple[Any, type[SignatureModel]]] = {}


@functools.cache
def remember() -> None:
    """Remember from now on; a second call does nothing."""
    ParsedSignature.from_fn = staticmethod(_signature)  # type: ignore[method-assign]
    SignatureModel.create = staticmethod(_model)  # type: ignore[method-assign]


class _Absent:
    """Stands for every part of a centre while only its routes are looked at."""

    def __getattr__(self, name: str) -> "_Absent":
        return self

    def __call__(self, *_arguments: object, **_named: object) -> "_Absent":
        return self


def read_ahead() -> None:
    """Remember the signatures of every route of the centre, before one is asked."""
    from tocsin.settings import Settings
    from tocsin.web.app import make_app

    class Parts(_Absent):
        settings = Settings(folder=Path())

    remember()
    make_app(cast("Any", Parts()))


def _signature(fn: Any, signature_namespace: dict[str, Any]) -> ParsedSignature:
    code = getattr(inspect.unwrap(fn), "__code__", None)
    if code is None:
        return _read(fn, signature_namespace)
    key = fn.__module__, fn.__qualname__, code
    given = fn.__annotations__, fn.__defaults__, fn.__kwdefaults__, signature_namespace
    known = _SIGNATURES.get(key)
    if known is None or known[0] != given:
        known = _SIGNATURES[key] = given, _read(fn, signature_namespace)
    return known[1]


def _model(*, parsed_signature: ParsedSignature, fn: Any, **others: Any) -> type[SignatureModel]:
    key = id(parsed_signature), getattr(fn, "__name__", None)
    given = parsed_signature, others
    known = _MODELS.get(key)
    if known is None or known[0][0] is not parsed_signature or known[0][1] != others:
        known = _MODELS[key] = given, _create(parsed_signature=parsed_signature, fn=fn, **others)
    return known[1]


def forget() -> None:
    """Whatever is asked for next is read anew."""
    _SIGNATURES.clear()
    _MODELS.clear()
