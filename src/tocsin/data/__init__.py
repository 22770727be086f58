"""The files that ship with the product: code tables, catalogue, profiles. Files, not code."""

from importlib.resources import files


def read_shipped(name: str) -> str:
    """Return the text of a shipped file, such as `sia_codes.csv`.

    Raises:
        FileNotFoundError: there is no file of that name; the installation is damaged.
    """
    return (files(__name__) / name).read_text(encoding="utf-8")
