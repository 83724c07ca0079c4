"""Exploration: windows of the catalogue drawn by a seed, judged by the catalogue that was read.

`windows` says what is asked for; `decks`, `limits` and `drawing` draw it; `judging` compares a response
with the catalogue; `exploring` sends the requests; `confirming`, `shrinking`, `rules`, `patterns` and
`sentences` make of a wrong response the simplest case and say when it is wrong.
"""
