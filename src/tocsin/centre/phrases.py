"""Pass phrases and duress phrases: hashed when they are given, asked for a word on the telephone, shown to nobody.

What is said on the telephone is typed by somebody in a hurry, so letters and digits count and nothing else: neither
case nor blanks, hyphens or accents' way of writing. Both phrases are always looked at, so that the time an answer takes
says nothing. Where a word were right as either, it would count as duress: the safe side.
"""

import hmac
import threading
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
from argon2.low_level import Type, hash_secret_raw

from tocsin.model.errors import BadInput
from tocsin.model.keyholders import PHRASE_MAX, PHRASE_MIN, HashedPhrase, PhraseOutcome, Phrases, Verifier
from tocsin.model.ports import Ids

SALT_BYTES: Final = 16
DIGEST_BYTES: Final = 32
ROUNDS: Final = 2
MEMORY_KIB: Final = 19_456
LANES: Final = 1
"""OWASP's least for argon2id. A phrase is short whatever is done, and lies sealed; an operator waits for the answer."""

THREADS: Final = 2
AT_ONCE: Final = 4
"""Hashes at once in a process, whoever asks: 76 MiB of memory at most."""

_HASHING: Final = threading.BoundedSemaphore(AT_ONCE)
_NO_PHRASE: Final = HashedPhrase(digest=bytes(DIGEST_BYTES), salt=bytes(SALT_BYTES))
"""Asked where none is set: no word hashes to it."""

_ENCODE: Final = msgspec.msgpack.Encoder().encode
_DECODE: Final = msgspec.msgpack.Decoder(Verifier).decode


def plain(phrase: str) -> str:
    """A phrase as phrases are compared: letters and digits, without case."""
    folded = unicodedata.normalize("NFKD", phrase.casefold())
    return "".join(one for one in folded if one.isalnum() or (unicodedata.combining(one) == 0 and _is_mark(one)))


def mistake_of(phrase: str) -> str | None:
    """What is wrong with a phrase, as the end of a sentence that begins with its field; None where nothing is."""
    if len(phrase) > PHRASE_MAX or not phrase.isprintable():
        return f"must be at most {PHRASE_MAX} printable characters"
    if len(plain(phrase)) < PHRASE_MIN:
        return f"must have at least {PHRASE_MIN} letters or digits"
    return None


def are_alike(phrases: Phrases) -> bool:
    """The duress phrase cannot be told from the pass phrase."""
    return (
        phrases.pass_phrase is not None
        and phrases.duress_phrase is not None
        and plain(phrases.pass_phrase) == plain(phrases.duress_phrase)
    )


def verifier_of(phrases: Phrases, ids: Ids) -> Verifier:
    """Hash what is given. It takes some 50 ms."""

    def hashed(phrase: str | None) -> HashedPhrase | None:
        if phrase is None:
            return None
        salt = ids.token_bytes(SALT_BYTES)
        return HashedPhrase(digest=_hash(phrase, salt), salt=salt)

    return Verifier(duress=hashed(phrases.duress_phrase), phrase=hashed(phrases.pass_phrase))


def verifiers_of(many: Sequence[Phrases], ids: Ids) -> list[Verifier]:
    """Hash those of a file."""
    with ThreadPoolExecutor(THREADS) as threads:
        waiting = [threads.submit(verifier_of, phrases, ids) for phrases in many]
        return [future.result() for future in waiting]


def merged(old: Verifier | None, new: Verifier) -> Verifier:
    """What is new in place of what is old; what is not given stays."""
    if old is None:
        return new
    return Verifier(duress=new.duress or old.duress, phrase=new.phrase or old.phrase)


def check_phrase(verifier: Verifier, said: str) -> PhraseOutcome:
    """What becomes of a word that was said."""
    is_duress = _is(verifier.duress or _NO_PHRASE, said)
    is_right = _is(verifier.phrase or _NO_PHRASE, said)
    if is_duress:
        return "duress"
    return "right" if is_right else "wrong"


def pack(verifier: Verifier) -> bytes:
    """As it is sealed."""
    return _ENCODE(verifier)


def unpack(data: bytes) -> Verifier:
    """What was sealed."""
    return _DECODE(data)


def refuse_bad_phrases(phrases: Phrases) -> None:
    """Refuse phrases that cannot be.

    Raises:
        BadInput: they are too short or too long, alike, or a duress phrase stands alone. No phrase is repeated.
    """
    wrong = [
        f"{field} {mistake}"
        for field, phrase in (("pass_phrase", phrases.pass_phrase), ("duress_phrase", phrases.duress_phrase))
        if phrase is not None and (mistake := mistake_of(phrase)) is not None
    ]
    if are_alike(phrases):
        wrong.append("duress_phrase must be another than pass_phrase")
    if phrases.duress_phrase is not None and phrases.pass_phrase is None:
        wrong.append("duress_phrase needs a pass_phrase beside it")
    if wrong:
        raise BadInput(f"{'; '.join(wrong)}. Nothing was changed", "keyholders.phrase")


def _is_mark(character: str) -> bool:
    """A sign of a script that writes vowels as marks, which make another word; an accent does not."""
    return unicodedata.category(character) in ("Mc", "Mn")


def _is(hashed: HashedPhrase, said: str) -> bool:
    return hmac.compare_digest(_hash(said, hashed.salt), hashed.digest)


def _hash(phrase: str, salt: bytes) -> bytes:
    with _HASHING:
        return hash_secret_raw(
            plain(phrase).encode(),
            salt,
            time_cost=ROUNDS,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            hash_len=DIGEST_BYTES,
            type=Type.ID,
        )
