"""Standards and explorations as plain text, Markdown, JSON and JSON Schema: what people and editors read."""
