"""The socket by which other programs of this machine ask the centre, wired."""

from collections.abc import Callable

from tocsin.access.access import Access
from tocsin.centre.admission import Admission
from tocsin.centre.centre import Centre
from tocsin.centre.control import ControlServer
from tocsin.centre.folder import CONTROL
from tocsin.centre.journal_export import JournalExports
from tocsin.centre.opening import OpenFolder
from tocsin.centre.proof import Proof
from tocsin.settings import Settings


def make_control(
    settings: Settings, opened: OpenFolder, centre: Centre, access: Access, web_url: Callable[[], str]
) -> ControlServer:
    """What answers at DIR/control.sock, not yet started; `web_url` is where people open the centre."""
    proof = Proof(
        store=opened.store,
        access=access,
        note=centre.note,
        retention=settings.retention_rules,
        exports=JournalExports(
            store=opened.store,
            run=centre.run,
            heads=settings.heads_path,
            sign_head=centre.sign_head,
            sealer=opened.vault,
            values=centre.values,
            texts=centre.incident_texts,
        ),
    )
    return ControlServer(centre, settings.folder / CONTROL, admission=Admission(access, web_url), proof=proof)
