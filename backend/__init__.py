"""Lotgate's backend: nouns in domain/, verbs in actions/, reads in views/, SQL in store/, HTTP in web/."""
