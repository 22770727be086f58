"""Mappings of sources, from the form that people write to the one that is kept, and back."""

from collections.abc import Sequence

from tocsin.model.mappings import MapLine, Mapping, MapValue
from tocsin.model.sources import MailLine
from tocsin.model.values import Code, Expected, Pointer
from tocsin.web.api.source_types import MailLineItem, MapLineItem, MappingItem, MapValueItem


def mapping_of(item: MappingItem | None) -> Mapping | None:
    """The mapping as it is kept."""
    if item is None:
        return None
    return Mapping(
        device_at=_pointer(item.device_at),
        each=_pointer(item.each),
        id_at=_pointer(item.id_at),
        lines=tuple(_line(one) for one in item.lines),
        returned=tuple(Expected(one) for one in item.returned),
        state_at=_pointer(item.state_at),
        text_at=_pointer(item.text_at),
        time_at=_pointer(item.time_at),
        values=tuple(MapValue(at=Pointer(one.at), unit=Code(one.unit)) for one in item.values),
    )


def mapping_item(mapping: Mapping | None) -> MappingItem | None:
    """The mapping as people see it."""
    if mapping is None:
        return None
    return MappingItem(
        device_at=mapping.device_at,
        each=mapping.each,
        id_at=mapping.id_at,
        lines=[_item(one) for one in mapping.lines],
        returned=[*mapping.returned],
        state_at=mapping.state_at,
        text_at=mapping.text_at,
        time_at=mapping.time_at,
        values=[MapValueItem(at=one.at, unit=one.unit) for one in mapping.values],
    )


def mail_lines_of(items: Sequence[MailLineItem]) -> tuple[MailLine, ...]:
    """Lines of a mail source as they are kept."""
    return tuple(
        MailLine(
            device=None if one.device is None else Code(one.device.upper()),
            is_active=one.is_active,
            pattern=Expected(one.pattern),
            word=Code(one.word),
        )
        for one in items
    )


def _line(one: MapLineItem) -> MapLine:
    return MapLine(
        at=Pointer(one.at),
        back_milli=None if one.back is None else round(one.back * 1000),
        compare=one.compare,
        device=None if one.device is None else Code(one.device.upper()),
        expected=None if one.expected is None else Expected(one.expected),
        is_active=one.is_active,
        limit_milli=None if one.limit is None else round(one.limit * 1000),
        unit=None if one.unit is None else Code(one.unit),
        word=Code(one.word),
    )


def _item(one: MapLine) -> MapLineItem:
    return MapLineItem(
        at=one.at,
        back=None if one.back_milli is None else one.back_milli / 1000,
        compare=one.compare,
        device=one.device,
        expected=one.expected,
        is_active=one.is_active,
        limit=None if one.limit_milli is None else one.limit_milli / 1000,
        unit=one.unit,
        word=one.word,
    )


def _pointer(said: str | None) -> Pointer | None:
    return None if said is None else Pointer(said)
