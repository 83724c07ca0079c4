"""The programs for the command line: `models-contract` and its commands.

A program parses its arguments, calls other rooms and prints. Checks, reading and rendering belong to
those rooms. What no other room needs is here as well: the table of many servers, and the readers of SDKs.
"""
