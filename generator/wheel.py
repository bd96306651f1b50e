"""What a wheel has that the sources don't: the engine, compiled.

Who installs the tool then has it at full speed at once, on a machine without a C compiler, too.  Where a wheel is built
on such a machine (`pip install` of the sources), the compiler comes from PyPI, for as long as that takes.  If it can't
be had, there is a wheel all the same, without the engine: the tool then looks for a compiler when it needs it.

An editable installation has none: there the sources are what counts, and what they make is kept in the user's cache.
"""

import importlib.util
import sysconfig
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
PACKED = HERE / "clausework" / "explore" / "packed"
MAINS = (PACKED / "engine.c", HERE / "clausework" / "explore" / "distributed" / "partition.c")
WORDS = (1, 2, 3, 4)
"""Of 64 bits each.  For configurations that take more, the engine is compiled when the first of them comes."""
PACKAGE = "ziglang>=0.13"


class Engines(BuildHookInterface[Any]):
    """Compiles the engine while a wheel is built."""

    def dependencies(self) -> list[str]:
        """What has to be installed for it: a compiler, where there is none."""
        module = _compiled()
        try:
            module.compiler()
        except module.NoCompiler:
            return [PACKAGE]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._made = tempfile.TemporaryDirectory()
        module = _compiled()
        try:
            made = dict(_libraries(module, Path(self._made.name)))
        except module.NoCompiler as problem:
            self._made.cleanup()
            self.app.display_warning(f"a wheel without the compiled engine: {problem}")
            return
        build_data["force_include"] |= made
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 -- as hatchling calls it
        if version != "editable":
            self._made.cleanup()


def _libraries(module: ModuleType, folder: Path) -> "list[tuple[str, str]]":
    """Each library, and where in the wheel it goes."""
    found = []
    for main in MAINS:
        for words in WORDS:
            name = module.brought(words, main)
            module.compiled(words, folder / name, main)
            found.append((str(folder / name), f"clausework/explore/packed/made/{name}"))
    return found


def _compiled() -> ModuleType:
    """Alone, as what the tool needs isn't there while it is built."""
    spec = importlib.util.spec_from_file_location("compiled", PACKED / "compiled.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
