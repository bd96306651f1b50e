"""Notifications, from effects to hooks: the only place where an application is called after a step."""

from collections.abc import Iterable

from clausework.runtime.effects import Effect, Effects, Notify


def deliver(effects: Iterable[Effect], hooks: object) -> Effects:
    """Calls `hooks.on_<name>(...)` for each notification, in order; gives the other effects, for the network.

    The step is over: a hook may call the handler, and one that raises loses no effect of the step but the
    notifications after it.  Send first, tell afterwards: iterate over the result before or after, as you need it.
    """
    told = tuple(effects)
    for effect in told:
        if isinstance(effect, Notify):
            getattr(hooks, f"on_{effect.name}")(**effect.arguments)
    return tuple(effect for effect in told if not isinstance(effect, Notify))
