"""The names under which every handler gets the same things."""

from __future__ import annotations

from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.web.parts import Parts
from backend.web.session import SignedIn

Me = NamedDependency[SignedIn]
Has = NamedDependency[Parts]
Id = FromPath[str]
