"""Calls that are being taken, of the store in memory."""

from tocsin.model.call_forms import CallForm
from tocsin.model.values import Ref
from tocsin.store.memory_tables import InTables


class MemoryCallFormReads(InTables):
    """What `MemoryStore` reads of them (`model.ports.CallFormStore`)."""

    def call_form(self, id_: Ref) -> CallForm | None:
        """One of them."""
        return self._tables.call_forms.get(id_)

    def call_forms(self) -> list[CallForm]:
        """All of them, in the order in which they were begun."""
        return sorted(self._tables.call_forms.values(), key=lambda one: int(one.id.rpartition("-")[2]))


class MemoryCallFormWrites(InTables):
    """What `MemoryTransaction` does to them (`model.ports.CallFormTransaction`)."""

    def put_call_form(self, call: CallForm) -> None:
        """Insert a call, or replace the one of the same id."""
        self._tables.call_forms[call.id] = call

    def drop_call_form(self, id_: Ref) -> None:
        """Delete a call: its draft is erased."""
        self._tables.call_forms.pop(id_, None)
