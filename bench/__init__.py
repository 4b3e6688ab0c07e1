"""How fast the product is, beside a hand-made minimum on the same tables."""
