"""Standard -> artifacts.  One folder per backend, all of one shape: `view` decides, templates print."""

from clausework.emit.artifact import Artifact

__all__ = ["Artifact"]
