"""Columns that a later step adds, as each engine writes their type. They are nullable: older rows have none."""

from __future__ import annotations

TYPES = {
    "sqlite": {"text": "text", "int": "integer", "decimal": "text", "bool": "boolean"},
    "postgres": {"text": 'text collate "C"', "int": "bigint", "decimal": "numeric", "bool": "boolean"},
}


def column(name: str, kind: str, dialect: str) -> str:
    """`"name" type`; `kind` is text, int, decimal or bool."""
    return f'"{name}" {TYPES[dialect][kind]}'
