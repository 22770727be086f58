"""What the web part works with, in one place: every module of routes is given it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.access.access import Access
    from tocsin.centre.centre import Centre
    from tocsin.centre.supervision_board import Board as SupervisionBoard
    from tocsin.intake.telephone.receiver import Telephone
    from tocsin.intake.webhook.receiver import Webhooks
    from tocsin.model.catalogue import Catalogue
    from tocsin.model.ports import Clock, Ids, Store
    from tocsin.notify.telephone import TelephoneSystem
    from tocsin.settings import Settings
    from tocsin.vault import Vault
    from tocsin.web.board import Board
    from tocsin.web.health import Status
    from tocsin.web.live import Hub


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a running centre, as routes use them."""

    access: "Access"
    board: "Board"
    catalogue: "Catalogue"
    centre: "Centre"
    clock: "Clock"
    hub: "Hub"
    ids: "Ids"
    settings: "Settings"
    status: "Status"
    store: "Store"
    supervision: "SupervisionBoard"
    telephone: "Telephone"
    dialling: "TelephoneSystem | None"
    """What calls for a desk; None: desks dial by hand."""
    vault: "Vault"
    webhooks: "Webhooks"
