"""Standard -> a typed Python package: messages, stanzas, one sans-IO handler for each machine of each flow.

`package` is what is committed and installed; it stands on `clausework.runtime`.  `standalone` is the same with the
runtime beside it, for a device that has nothing else.  `stub` is the implementer's own file: written once, never
touched again; `stub_report` says what a new edition would have there.  `symbols_of` tells what became of each element.

Why a method for each event, with the states inside: it reads as the standard does ("on receipt of M in state S"), it
is the fastest shape in CPython, and a new edition's change shows in one place of the diff.  A table that a small engine
walks (python-statemachine, transitions) was the other way: shorter files, but thirty times as slow, and a stack trace
shows the engine instead of the protocol.
"""

from clausework.emit.python.package import package, standalone
from clausework.emit.python.stubs import StubChange, stub, stub_report
from clausework.emit.python.symbols import Symbols, symbols_of

__all__ = ["StubChange", "Symbols", "package", "standalone", "stub", "stub_report", "symbols_of"]
