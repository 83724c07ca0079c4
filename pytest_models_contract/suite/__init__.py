"""The checks of the contract, a file for each area; `pytest --models-contract` collects them.

A check is a plain test function that cites one clause of a schema. What several checks need to know of the
server belongs to `evidence`.
"""
