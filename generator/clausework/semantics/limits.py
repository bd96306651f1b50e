"""What the applications of parties ask for, as a check limits it."""

from clausework.expr.types import Link, Party, plain
from clausework.model.machine import Machine
from clausework.model.sequence import Asked
from clausework.semantics.system import System
from clausework.semantics.values import Unexplorable


class Limits:
    """Parties that the check says nothing of ask for everything.

    Raises `Unexplorable` where a command is limited to machines that there aren't: nobody could ever give it.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._limits = {
            system.number_of(name): tuple(map(Asked.of_text, asked)) for name, asked in system.check.commands
        }
        for party, limits in self._limits.items():
            for each in limits:
                self._look_for(party, each)

    def allow(self, party: int, instance: int, command: str) -> bool:
        """Whether an application may ask for this, of an instance of its party, by number."""
        limits = self._limits.get(party)
        return limits is None or any(each.allows(command, self._kept_for(party, instance)) for each in limits)

    def allow_of_any(self, party: int, command: str) -> bool:
        """Whether it may ask for this of every instance."""
        limits = self._limits.get(party)
        return limits is None or any(each.allows(command, frozenset()) for each in limits)

    def _look_for(self, party: int, asked: Asked) -> None:
        """A machine that is asked for that."""
        programs, instances = self._system.programs, self._system.instances[party]
        having = [each for each in instances if _has(programs[each.machine].machine, asked.command)]
        kept_for = [self._kept_for(party, each.number) for each in having]
        if asked.of and not any(asked.of <= each for each in kept_for):
            name = self._system.parties[party].name
            possible = sorted(frozenset().union(*kept_for))
            raise Unexplorable(
                f"`{name}` has no machine with `{asked.command}` that is kept for {' and '.join(sorted(asked.of))}",
                f"there are some for {', '.join(f'`{each}`' for each in possible)}"
                if possible
                else f"write `{asked.command}`",
            )

    def _kept_for(self, party: int, number: int) -> frozenset[str]:
        """The parties in the key of an instance, and those at the other ends of the links in it."""
        system, instance = self._system, self._system.instances[party][number]
        found = set()
        for each, value in zip(system.programs[instance.machine].machine.keys, instance.key, strict=True):
            match plain(each.type):
                case Party():
                    found.add(str(value))
                case Link() if isinstance(value, int):
                    found.add(str(system.parties[system.links[value].other(party)].name))
        return frozenset(found)


def _has(machine: Machine, command: str) -> bool:
    return any(each.name == command for each in machine.commands)
