"""The names under which every handler gets the same things."""

from __future__ import annotations

from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from backend.web.parts import Parts
from backend.web.session import SignedIn

# Made by ourselves, so there is nothing to validate.
Me = NamedDependency[SkipValidation[SignedIn]]
Has = NamedDependency[SkipValidation[Parts]]
Id = FromPath[str]
