"""Doors to the compiled kernels: numba costs half a second to load, which only those pay who search."""

from __future__ import annotations

from types import ModuleType


def searching() -> ModuleType:
    """The kernels of the batch search."""
    from fraud.engine.kernels import search

    return search


def connecting() -> ModuleType:
    """The kernel of strong components."""
    from fraud.engine.kernels import components

    return components


def sorting() -> ModuleType:
    """The sorts of the index."""
    from fraud.engine.kernels import sorting as sorts

    return sorts


def streaming() -> ModuleType:
    """The kernels of the sliding window."""
    from fraud.engine.kernels import streaming as window

    return window
