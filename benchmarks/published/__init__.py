"""The published schedule of Semantic Abstraction, re-stated plainly: Lexel is measured against it.

Written from the description of its behaviour (real-stanford/semantic-abstraction @ e76495e), in
our own code: which passes it makes, with what kept in memory. The arithmetic is plain torch over
Lexel's own weights, and none of Lexel's short cuts is used. tests/benchmarks holds the numbers
against Lexel's and against the published ones.
"""
