"""The programs that run without pytest: the drift between two readings, and the contract as a document.

A program reads its arguments, calls other rooms and prints. Judging, reading and rendering belong to those
rooms.
"""
