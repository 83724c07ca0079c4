"""`models-contract matrix`: many servers, each in a run of its own, and a table of areas by servers.

`servers` reads the file that names them, `running` runs them, `table` makes the table as data, `changes`
compares it with an earlier one; `page` and `markdown` render it.
"""
