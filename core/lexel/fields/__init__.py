"""Fields: points that share a codebook, and the phrases they are asked with."""
