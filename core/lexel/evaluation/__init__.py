"""How good an answer is. Imports torch: import it inside functions."""
