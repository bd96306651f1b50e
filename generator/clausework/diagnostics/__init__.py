"""One voice for the whole tool: findings as data, and how they are shown."""

from clausework.diagnostics.diagnostic import Diagnostic, Label, Rule, Severity

__all__ = ["Diagnostic", "Label", "Rule", "Severity"]
