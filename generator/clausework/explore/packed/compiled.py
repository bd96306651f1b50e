"""The engine as a library: compiled once for each number of words, by what it was made from.

A wheel brings it for as many words as most have need of (`generator/wheel.py`), so that who installs it needs no
compiler and doesn't wait.  For more, and where the sources lie, it's compiled at its first use and kept in the user's
cache.  Together with `files`, this is all of the tool that touches the disk.  A library is written beside its place and
then moved there, so that two runs at once don't see half of it.

Why a compiler from PyPI where the machine has none, and not an engine in NumPy: it is the same engine, at the same
speed and with the same answers. A second one, in vectors (a prototype was a fifth as fast), would be one more place
that has to agree with the reference, and a package to be installed as well. `ziglang` is large (80 MB to fetch, 400
MB on the disk), so it is needed only while a wheel is built, or by who asks for it: `pip install clausework[fast]`.
"""

import ctypes
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

SOURCES = (
    "words.h",
    "search.h",
    "found.h",
    "bits.h",
    "network.h",
    "leading.h",
    "reactions.h",
    "steps.h",
    "crew.h",
    "turning.h",
    "tables.h",
    "graph.h",
    "components.h",
    "leaving.h",
    "fair.h",
    "engine.c",
)
ENGINE = Path(__file__).parent / "engine.c"
FLAGS = ("-O2", "-pthread", "-fPIC", "-shared", "-fvisibility=hidden", "-std=gnu11", "-w")
"""`-O3` is no faster, and takes a quarter longer to compile, which is what the first use waits for."""
COMPILERS = ("cc", "gcc", "clang")
BROUGHT = ENGINE.parent / "made"
"""Where a wheel has what it brings."""
PACKAGE = "ziglang"
"""A C compiler as a Python package; told to compile for any processor of the kind, as others do by themselves."""


class NoCompiler(Exception):
    """There is none, or it made nothing; the text says which."""


_WORD, _NUMBER, _HANDLE = ctypes.c_uint64, ctypes.c_int, ctypes.c_void_p
_NUMBERS, _WORDS = ctypes.POINTER(ctypes.c_uint32), ctypes.POINTER(_WORD)
_SIGNATURES: dict[str, tuple[object, ...]] = {
    "made": (_HANDLE, ctypes.POINTER(ctypes.c_int64)),
    "begin": (_NUMBER, _HANDLE, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(_WORD), _WORD),
    "run": (_NUMBER, _HANDLE, _WORD, _WORD, _WORD),
    "add_state": (_NUMBER, _HANDLE, _NUMBER, _WORD, _WORD, ctypes.c_char_p),
    "set_class": (_NUMBER, _HANDLE, _NUMBER, _NUMBER, _WORD, ctypes.c_uint32),
    "add_code": (_NUMBER, _HANDLE, _NUMBER, _WORD, ctypes.c_uint32),
    "set_renamed": (_NUMBER, _HANDLE, _WORD, _NUMBER, ctypes.c_char_p, _WORD),
    "add_row": (_NUMBER, _HANDLE, _WORD, _WORD, ctypes.c_char_p, _WORD, _NUMBER),
    "add_older": (_NUMBER, _HANDLE, _WORD, ctypes.c_uint32),
    "add_letter": (_NUMBER, _HANDLE, _WORD, ctypes.c_uint32),
    "add_follows": (_NUMBER, _HANDLE, _WORD, _NUMBERS, ctypes.c_uint32),
    "set_turned_state": (_NUMBER, _HANDLE, _NUMBER, _NUMBER, _WORD, ctypes.c_uint32),
    "set_turned_code": (_NUMBER, _HANDLE, _NUMBER, _NUMBER, _WORD, ctypes.c_uint32),
    "stood_for": (_WORD, _HANDLE),
    "rows_wanted": (ctypes.c_uint32, _HANDLE, ctypes.POINTER(_WORD)),
    "told": (None, _HANDLE, ctypes.POINTER(_WORD)),
    "configurations": (ctypes.POINTER(_WORD), _HANDLE),
    "origins": (ctypes.POINTER(ctypes.c_uint32), _HANDLE),
    "steps_taken": (ctypes.POINTER(ctypes.c_uint16), _HANDLE),
    "kept": (ctypes.POINTER(_WORD), _HANDLE),
    "notables": (ctypes.POINTER(ctypes.c_uint32), _HANDLE),
    "rest": (None, _HANDLE),
    "graph_begun": (_NUMBER, _HANDLE),
    "graph_run": (_NUMBER, _HANDLE),
    "looked_again": (_WORD, _HANDLE),
    "halted_at": (ctypes.c_uint32, _HANDLE),
    "class_firsts": (_NUMBERS, _HANDLE),
    "targets_of": (_NUMBERS, _HANDLE, _WORD, _WORDS),
    "leaving_begun": (_NUMBER, _HANDLE, _NUMBER),
    "track": (_NUMBER, _HANDLE, _NUMBER, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_char_p, _WORD),
    "leaving_run": (_NUMBER, _HANDLE, _WORD),
    "kept_in": (_NUMBERS, _HANDLE, _NUMBER),
    "leaving_dropped": (None, _HANDLE),
    "fairness_begun": (_NUMBER, _HANDLE, _NUMBER),
    "fairness_run": (_NUMBER, _HANDLE, _WORD),
    "fair_count": (_WORD, _HANDLE),
    "fair_part": (_NUMBERS, _HANDLE),
    "fair_always": (_WORDS, _HANDLE),
    "fair_ever": (_WORDS, _HANDLE),
    "fairness_dropped": (None, _HANDLE),
    "runs_dropped": (None, _HANDLE),
    "runs_bytes": (_WORD, _HANDLE),
    "dropped": (None, _HANDLE),
}


@cache
def library(words: int, folder: Path | None = None, main: Path = ENGINE) -> ctypes.CDLL:
    """The engine for configurations of so many words, or what `main` makes of it; raises `NoCompiler`."""
    path = _made(words, folder or _cache(), main)
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as problem:
        raise NoCompiler(f"what the C compiler made can't be loaded: {problem}") from problem
    for name, (result, *arguments) in _SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, arguments
    return loaded


def compiler() -> tuple[str, ...]:
    """How it is called; raises `NoCompiler`."""
    found = next((path for each in COMPILERS if (path := shutil.which(each))), None)
    if found is not None:
        return (found,)
    if importlib.util.find_spec(PACKAGE) is not None:
        return sys.executable, "-m", PACKAGE, "cc", "-mcpu=baseline"
    wanted = ", ".join(f"`{each}`" for each in COMPILERS)
    raise NoCompiler(f"no C compiler was found ({wanted}, or the package `{PACKAGE}`: `pip install clausework[fast]`)")


def digest(words: int, main: Path = ENGINE, *more: str) -> str:
    """Of all that a library is made from."""
    flags = (*_flags(words), *more)
    sources = _sources(main)
    return hashlib.sha256(b"\0".join((*sources.values(), *(each.encode() for each in flags)))).hexdigest()[:24]


def compiled(words: int, place: Path, main: Path = ENGINE) -> None:
    """A library is made, and put in its place; raises `NoCompiler`."""
    called = compiler()
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / place.name
        for name, text in _sources(main).items():
            (Path(temporary) / name).write_bytes(text)
        command = (*called, *_flags(words), "-o", str(made), str(Path(temporary) / main.name))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoCompiler(f"`{' '.join(called)}` refuses the engine: {done.stderr.strip()[-200:]}")
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copyfile(made, beside)
        beside.replace(place)


def brought(words: int, main: Path = ENGINE) -> str:
    """The name of a library in `BROUGHT`: a wheel is for one platform, and stays beside the sources."""
    return f"{main.stem}-{words}-{digest(words, main)}.so"


def _made(words: int, folder: Path, main: Path) -> Path:
    if (found := BROUGHT / brought(words, main)).exists():
        return found
    path = folder / f"engine-{digest(words, main, platform.platform())}.so"
    if not path.exists():
        compiled(words, path, main)
    return path


def _sources(main: Path) -> dict[str, bytes]:
    return {name: (ENGINE.parent / name).read_bytes() for name in SOURCES} | {main.name: main.read_bytes()}


def _flags(words: int) -> tuple[str, ...]:
    return *FLAGS, f"-DWORDS={words}"


def _cache() -> Path:
    """The user's folder for what can be made again; if they have none that can be written to, one for this run."""
    folder = Path.home() / ".cache" / "clausework"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="clausework-"))
    return folder if os.access(folder, os.W_OK) else Path(tempfile.mkdtemp(prefix="clausework-"))
