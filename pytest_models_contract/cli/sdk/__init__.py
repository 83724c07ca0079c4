"""A revision and an SDK: their differences, and the draft of a new revision from them.

An SDK is read in a process of its own: Python by `read_python.py`, TypeScript by `read_typescript.cjs` in
Node. Both print JSON Schemas, so that a revision and an SDK are compared in one notation.
"""
