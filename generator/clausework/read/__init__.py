"""Text -> Standard, or diagnostics: the only package that knows YAML.

`tree` reads a file into texts, lists and mappings with their places; `vocabulary`, `messages`, `outline` declare names;
`machines`, `effects` and their `branching`, `sequences`, `claims` resolve what stands on them; `reading` puts it
all together, a folder of standards.

Why no `undo`: the drafts of the language registered what takes a step back beside each request.  A transaction written
with a state for each step back says the same, is seen in the diagram, and needs no hidden list in every configuration.

Every mistake of a whole folder is found in one run: a part that cannot be understood is reported and left out, and
reading goes on.
"""

from clausework.read.reading import Reading, read
from clausework.read.rules import RULES

__all__ = ["RULES", "Reading", "read"]
