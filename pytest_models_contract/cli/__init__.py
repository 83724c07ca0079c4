"""The programs that run without pytest: compare two readings, and print the contract as a document.

A program parses its arguments, calls other rooms and prints. Checks, reading and rendering belong to
those rooms.
"""
