"""Who and what is taken when: for each length of session, how many things stand in the way of starting it there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planner.scheduling.rules.problem import Step
from planner.scheduling.solver.grid import NO_ROOM, Bools, Floats, Grid
from planner.series_templates.rules import Mode

Counts = NDArray[np.int16]
ANYWHERE = None  # the place of a digital session


class Bookings:
    """What stands in the way of facilitators, rooms and companies. Booking and releasing are each other's reverse."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        problem = grid.problem
        self.skilled: dict[str, Bools] = {}
        self.people: dict[tuple[int, str | None], Counts] = {}
        self.rooms: dict[int, Counts] = {}
        self.companies: dict[int, Counts] = {}
        self._pause: dict[tuple[str | None, str | None], NDArray[np.int64]] = {}
        buffers = np.array([person.buffer for person in problem.facilitators], dtype=np.int64)
        away_people = [grid.away(person.away) for person in problem.facilitators]
        away_rooms = [grid.away(room.away) for room in problem.rooms]
        for length in grid.lengths:
            for place in (ANYWHERE, *grid.places):
                goes = [
                    place is ANYWHERE or not person.places or place in person.places
                    for person in problem.facilitators
                ]
                self.people[length, place] = self._hindered(away_people, goes, length)
            self.rooms[length] = self._hindered(away_rooms, [True] * len(away_rooms), length)
            self.companies[length] = np.zeros((len(problem.companies), grid.columns), dtype=np.int16)
        for here in (ANYWHERE, *grid.places):
            for there in (ANYWHERE, *grid.places):
                way = problem.travel_halves.get((here, there), 0) if here and there else 0
                self._pause[here, there] = np.maximum(buffers, way)
        for step in {step for need in problem.needs for step in need.steps}:
            self.skilled[step.skill] = np.array(
                [not step.skill or step.skill in person.skills for person in problem.facilitators], dtype=bool
            )
        self.rarity = [len(person.skills) for person in problem.facilitators]
        self.capacity = np.array([room.capacity for room in problem.rooms], dtype=np.int64)
        self.place_of = [room.place for room in problem.rooms]

    def copy(self) -> Bookings:
        """The same bookings, to be changed apart."""
        other = object.__new__(Bookings)
        other.__dict__.update(self.__dict__)
        other.people = {key: counts.copy() for key, counts in self.people.items()}
        other.rooms = {key: counts.copy() for key, counts in self.rooms.items()}
        other.companies = {key: counts.copy() for key, counts in self.companies.items()}
        return other

    def change(self, column: int, length: int, person: int, room: int, by: int) -> None:
        """Book (+1) or release (-1) a session's facilitator and room."""
        place = ANYWHERE if room == NO_ROOM else self.place_of[room]
        for (other_length, other_place), counts in self.people.items():
            pause = int(self._pause[place, other_place][person])
            counts[person, self._hit(column, length, other_length, pause)] += by
        if room != NO_ROOM:
            for other_length, counts in self.rooms.items():
                counts[room, self._hit(column, length, other_length, 0)] += by

    def change_companies(self, column: int, length: int, companies: list[int], by: int) -> None:
        """Book or release a session for companies."""
        if companies:
            for other_length, counts in self.companies.items():
                counts[companies, self._hit(column, length, other_length, 0)] += by

    def people_for(self, step: Step, room: int) -> Bools:
        """Facilitators (rows) who could hold the step in the room from each column, were the room free."""
        place = ANYWHERE if room == NO_ROOM else self.place_of[room]
        free = self.people[step.halves, place] == 0
        free &= self.skilled[step.skill][:, None]
        return free

    def rooms_for(self, step: Step, heads: int) -> Bools:
        """Rooms (rows) that are free for the step and hold so many heads."""
        free = self.rooms[step.halves] == 0
        if step.mode is Mode.ON_SITE:
            free &= (self.capacity >= heads)[:, None]
        return free

    def open_for(self, step: Step, heads: int) -> Bools:
        """The columns from which the step can be held, by somebody and somewhere."""
        if not step.takes_room:
            return np.asarray(self.people_for(step, NO_ROOM).any(axis=0))
        rooms = self.rooms_for(step, heads)
        found = np.zeros(self.grid.columns, dtype=bool)
        for place in self.grid.places:
            here = [room for room, there in enumerate(self.place_of) if there == place]
            found |= rooms[here].any(axis=0) & self.people_for(step, here[0]).any(axis=0)
        return found

    def choices(self, step: Step, heads: int, column: int) -> list[tuple[int, int]]:
        """Facilitator and room, in every way the step can be held from the column."""
        if not step.takes_room:
            return [
                (int(person), NO_ROOM) for person in np.flatnonzero(self.people_for(step, NO_ROOM)[:, column])
            ]
        return [
            (int(person), int(room))
            for room in np.flatnonzero(self.rooms_for(step, heads)[:, column])
            for person in np.flatnonzero(
                (self.people[step.halves, self.place_of[room]][:, column] == 0) & self.skilled[step.skill]
            )
        ]

    def cheapest(self, step: Step, heads: int, people: Floats, rooms: Floats) -> Floats:
        """The least price of facilitator and room from each column, infinite where the step cannot be held.

        Prices are for a session of the step's length from each column.
        """
        if not step.takes_room:
            return np.where(self.people_for(step, NO_ROOM), people, np.inf).min(axis=0)
        free = np.where(self.rooms_for(step, heads), rooms, np.inf)
        best = np.full(self.grid.columns, np.inf)
        for place in self.grid.places:
            here = [room for room, there in enumerate(self.place_of) if there == place]
            persons = np.where(self.people_for(step, here[0]), people, np.inf).min(axis=0)
            best = np.minimum(best, free[here].min(axis=0) + persons)
        return best

    def _hindered(self, away: list[Bools], may: list[bool], length: int) -> Counts:
        """1 where a session of the length cannot start for what the problem itself says."""
        grid = self.grid
        free = ~np.array(away, dtype=bool).reshape(len(away), grid.columns)
        free &= np.array(may, dtype=bool)[:, None]
        return (~grid.whole(free, length)).astype(np.int16)

    def _hit(self, column: int, length: int, other: int, pause: int) -> slice:
        """The columns from which a session of another length would run into this one."""
        first = column - column % self.grid.halves
        low = max(first, column - other - pause + 1)
        return slice(low, min(first + self.grid.halves, column + length + pause))
