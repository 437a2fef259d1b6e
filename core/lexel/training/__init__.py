"""What training the completion networks needs. Imports torch: import it inside functions."""
