"""The revisions of the reference, a folder each, as JSON Schema 2020-12."""
