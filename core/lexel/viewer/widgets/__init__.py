"""Small widgets that know nothing of Lexel but its colours."""
