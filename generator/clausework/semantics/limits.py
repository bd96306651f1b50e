"""What the applications of parties ask for, as a check limits it."""

from clausework.expr.types import Link, Party, plain
from clausework.model.sequence import Asked
from clausework.semantics.system import System


class Limits:
    """Parties that the check says nothing of ask for everything."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._limits = {
            system.number_of(name): tuple(map(Asked.of_text, asked)) for name, asked in system.check.commands
        }

    def allow(self, party: int, instance: int, command: str) -> bool:
        """Whether an application may ask for this, of an instance of its party, by number."""
        limits = self._limits.get(party)
        return limits is None or any(each.allows(command, self._kept_for(party, instance)) for each in limits)

    def allow_of_any(self, party: int, command: str) -> bool:
        """Whether it may ask for this of every instance."""
        limits = self._limits.get(party)
        return limits is None or any(each.allows(command, frozenset()) for each in limits)

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
