"""How the weights inside the package were made; docs/weights.md has the commands."""
