"""How long a door stays shut after wrong passwords: the fifth shuts it for a minute, each further one doubles that."""

from datetime import timedelta

FIRST_AT = 5
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(minutes=30)


def shut_for(failures: int) -> timedelta:
    """The delay after so many wrong passwords in a row; nothing before the fifth, half an hour at most.

    >>> [int(shut_for(number).total_seconds() // 60) for number in (4, 5, 6, 7, 8, 9, 10, 500)]
    [0, 1, 2, 4, 8, 16, 30, 30]
    """
    if failures < FIRST_AT:
        return timedelta()
    doublings = min(failures - FIRST_AT, 10)
    return min(SHORTEST * (1 << doublings), LONGEST)
