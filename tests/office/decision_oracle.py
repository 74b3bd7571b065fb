#!/usr/bin/env python3
"""decision_oracle.py PROGRAM FOLDER: who may do what to every camera of an office, at instants around each of its dated changes, computed
from its CSV files by a reading of the rules that knows nothing of the program's, and compared with what the program decides after importing
the same files. Prints the number of cases and of differences; fails on any."""
import csv
import datetime
import os
import subprocess
import sys

TOKYO = datetime.timezone(datetime.timedelta(hours=9))
EVER = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)
NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
MICROSECOND = datetime.timedelta(microseconds=1)
SEES_METADATA = {"operations", "administrator"}
SEES_OWN_PICTURES = {"department_head", "general_manager"}


def instant(cell, otherwise):
    if not cell:
        return otherwise
    if len(cell) == 10:
        return datetime.datetime.fromisoformat(cell).replace(tzinfo=TOKYO)
    return datetime.datetime.fromisoformat(cell)


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if "from" in row:
            row["from"], row["to"] = instant(row["from"], NEVER), instant(row["to"], EVER)
    return rows


def holds(row, at):
    return row["from"] <= at < row["to"]


class Office:
    def __init__(self, folder):
        self.units = {row["code"]: row for row in read(folder, "units.csv")}
        self.people = [row["username"] for row in read(folder, "people.csv")]
        self.posts = read(folder, "assignments.csv")
        self.cameras = [row["code"] for row in read(folder, "cameras.csv")]
        self.floors = [row["code"] for row in read(folder, "places.csv") if row["order"]]
        self.charges, self.states, self.placements = {}, {}, {}
        for table, name in ((self.charges, "charges.csv"), (self.states, "states.csv"), (self.placements, "placements.csv")):
            for row in read(folder, name):
                table.setdefault(row["camera"], []).append(row)
        self.below = {code: {other for other in self.units if code in self.chain(other)} for code in self.units}

    def chain(self, code):
        """The unit and all above it."""
        units = []
        while code:
            units.append(code)
            code = self.units[code]["parent"]
        return units

    def keepers(self, code, now):
        """Where what the unit recorded lies at `now`: with itself, or with those that have succeeded it, and those in turn."""
        unit = self.units[code]
        if not unit["successors"] or now < unit["to"]:
            return {code}
        return set().union(*(self.keepers(successor, now) for successor in unit["successors"].split(" ")))

    def held(self, node, now):
        """Units whose past lies within `node` at `now`."""
        return {code for code in self.units if self.keepers(code, now) & self.below[node]}

    def changes(self):
        rows = self.posts + list(self.units.values())
        for table in (self.charges, self.states, self.placements):
            rows = rows + sum(table.values(), [])
        return sorted({at for row in rows for at in (row["from"], row["to"]) if NEVER < at < EVER})

    def sight(self, person, now):
        """Units whose pictures the person sees at `now`; whether the metadata of everything; whether staged cameras; units of their posts."""
        pictures, metadata, operates, own = set(), False, False, set()
        for post in self.posts:
            if post["person"] != person or not holds(post, now) or not holds(self.units[post["unit"]], now):
                continue
            own.add(post["unit"])
            metadata = metadata or post["post"] in SEES_METADATA
            operates = operates or post["post"] == "operations"
            if post["post"] in SEES_OWN_PICTURES:
                pictures |= self.held(post["unit"], now)
            elif post["post"] == "crisis_management":
                pictures |= self.below[self.chain(post["unit"])[-1]]
        return pictures, metadata, operates, own

    def shows_live(self, camera, pictures, operates, now):
        in_charge = any(charge["unit"] in pictures and holds(charge, now) for charge in self.charges[camera])
        state = next((state["state"] for state in self.states[camera] if holds(state, now)), None)
        return in_charge and state == "in_service" or operates and state == "staged"

    def of_unit(self, sight, unit):
        pictures, metadata, _, own = sight
        return "P" if metadata or unit in pictures or unit in own else "H"

    def of_floor(self, sight, floor, now):
        pictures, metadata, _, _ = sight
        seen = any(charge["unit"] in pictures and charge["from"] <= now and charge["from"] < stand["to"] and stand["from"] < charge["to"]
                   for camera, stands in self.placements.items() for stand in stands if stand["floor"] == floor and stand["from"] <= now
                   for charge in self.charges[camera])
        return "P" if metadata or seen else "H"

    def of_camera(self, sight, camera, now, recorded_at):
        pictures, metadata, operates, _ = sight
        begun = any(charge["unit"] in pictures and charge["from"] <= now for charge in self.charges[camera])
        live = self.shows_live(camera, pictures, operates, now)
        about_it = "P" if begun or metadata else "H"
        about_pictures = "P" if begun else "D" if metadata else "H"
        footage = ""
        for at in recorded_at:
            owner = next((charge["unit"] for charge in self.charges[camera] if holds(charge, at)), None)
            staged = any(state["state"] == "staged" and holds(state, at) for state in self.states[camera])
            footage += "-" if owner is None else "P" if owner in pictures and not staged else "H"
        return about_it * 2 + about_pictures * 3 + ("P" if live else "D" if about_it == "P" else "H") + " " + footage


def text(at):
    return at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main(program, folder):
    office = Office(folder)
    changes = office.changes()
    instants = sorted({around for at in changes for around in (at - MICROSECOND, at, at + MICROSECOND)})
    asked = "\n".join(map(text, instants)) + "\n\n" + "\n".join(map(text, changes)) + "\n"
    told = subprocess.run([program, folder], input=asked, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    expected = []
    for now in instants:
        for person in sorted(office.people):
            sight = office.sight(person, now)
            asker = f"{text(now)} {person}"
            for camera in sorted(office.cameras):
                expected.append(f"{asker} {camera} {office.of_camera(sight, camera, now, changes)}")
            expected += [f"{asker} {unit} {office.of_unit(sight, unit)}" for unit in sorted(office.units)]
            expected += [f"{asker} {floor} {office.of_floor(sight, floor, now)}" for floor in sorted(office.floors)]
    differences = [(a, b) for a, b in zip(told, expected) if a != b]
    for a, b in differences[:10]:
        print(f"program: {a}\noracle:  {b}", file=sys.stderr)
    answers = [answer for line in expected for word in line.split(" ")[3:] for answer in word if answer != "-"]
    cases, permitted = len(answers), answers.count("P")
    print(f"decisions: cases {cases}, permitted {permitted}, instants {len(instants)}, people {len(office.people)}, "
          f"cameras {len(office.cameras)}, differences {len(differences) + abs(len(told) - len(expected))}")
    return 1 if differences or len(told) != len(expected) or cases < 100_000 or permitted == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
