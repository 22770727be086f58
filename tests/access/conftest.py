import pytest

from support.centres import make_folder
from support.people import People


@pytest.fixture
def people(tmp_path):
    made = People(make_folder(tmp_path / "centre"))
    yield made
    made.close()
