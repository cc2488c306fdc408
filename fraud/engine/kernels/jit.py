"""The compiler: the only module that imports numba. Compiled code is kept on disk and runs without the GIL."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numba import carray, njit
from numba.core import cgutils, types
from numba.extending import intrinsic

from fraud.engine.arrays import Narrow, Wide

compiled = njit(cache=True, nogil=True)


class Builder(Protocol):
    """What is needed of llvmlite's builder."""

    def inttoptr(self, value: object, kind: object) -> object:
        """An integer as a pointer."""


@intrinsic
def pointer(typing_context: object, address: object = 0) -> tuple[object, Callable[..., object]]:
    """The address as a pointer, which `carray` asks for; callers give the address only, numba the rest."""

    def generated(context: object, builder: Builder, signature: object, arguments: list[object]) -> object:
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.uintp), generated


@compiled
def narrow(array: Narrow) -> Narrow:
    """The same memory as an array that counts no references: atomic counts took half of the search's time.

    The caller keeps the original alive for as long as this one is used.
    """
    return carray(pointer(array.ctypes.data), array.shape, array.dtype)


@compiled
def wide(array: Wide) -> Wide:
    """The same for long integers."""
    return carray(pointer(array.ctypes.data), array.shape, array.dtype)


@compiled
def placed(desk: Wide, cell: int, columns: int) -> Wide:
    """The array whose address and number of rows stand in two cells of the desk, under the same condition."""
    return carray(pointer(desk[cell]), (desk[cell + 1], columns), np.int64)
