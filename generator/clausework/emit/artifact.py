"""What a backend makes: text at a path.  Backends are functions `Standard -> Iterator[Artifact]`; `files` writes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """`path` is relative to the backend's output folder, with `/` between its parts."""

    path: str
    text: str
