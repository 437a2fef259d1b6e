"""The parts of `make bench`: each has `run(options) -> list[Figure]`."""
