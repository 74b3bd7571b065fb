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
        self.charges, self.states = {}, {}
        for table, name in ((self.charges, "charges.csv"), (self.states, "states.csv")):
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

    def changes(self):
        rows = self.posts + list(self.units.values()) + sum(self.charges.values(), []) + sum(self.states.values(), [])
        return sorted({at for row in rows for at in (row["from"], row["to"]) if NEVER < at < EVER})

    def sight(self, person, now):
        """Units whose pictures the person sees at `now`; whether the metadata of everything; whether staged cameras."""
        pictures, metadata, operates = set(), False, False
        for post in self.posts:
            if post["person"] != person or not holds(post, now) or not holds(self.units[post["unit"]], now):
                continue
            metadata = metadata or post["post"] in SEES_METADATA
            operates = operates or post["post"] == "operations"
            if post["post"] in SEES_OWN_PICTURES:
                pictures |= self.below[post["unit"]]
            elif post["post"] == "crisis_management":
                pictures |= self.below[self.chain(post["unit"])[-1]]
        return pictures, metadata, operates

    def shows_live(self, camera, pictures, operates, now):
        in_charge = any(charge["unit"] in pictures and holds(charge, now) for charge in self.charges[camera])
        state = next((state["state"] for state in self.states[camera] if holds(state, now)), None)
        return in_charge and state == "in_service" or operates and state == "staged"

    def answers(self, sight, camera, now, recorded_at):
        pictures, metadata, operates = sight
        begun = any(charge["unit"] in pictures and charge["from"] <= now for charge in self.charges[camera])
        live = self.shows_live(camera, pictures, operates, now)
        about_it = "P" if begun or metadata else "H"
        about_pictures = "P" if begun else "D" if metadata else "H"
        footage = ""
        for at in recorded_at:
            owner = next((charge["unit"] for charge in self.charges[camera] if holds(charge, at)), None)
            staged = any(state["state"] == "staged" and holds(state, at) for state in self.states[camera])
            footage += "-" if owner is None else "P" if owner in pictures and not staged else "H"
        return about_it * 2 + about_pictures * 2 + ("P" if live else "D" if about_it == "P" else "H") + " " + footage


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
            for camera in sorted(office.cameras):
                expected.append(f"{text(now)} {person} {camera} {office.answers(sight, camera, now, changes)}")
    differences = [(a, b) for a, b in zip(told, expected) if a != b]
    for a, b in differences[:10]:
        print(f"program: {a}\noracle:  {b}", file=sys.stderr)
    cases = len(expected) * (5 + len(changes))
    permitted = sum(line.rsplit(" ", 2)[1].count("P") + line.rsplit(" ", 1)[1].count("P") for line in expected)
    print(f"decisions: cases {cases}, permitted {permitted}, instants {len(instants)}, people {len(office.people)}, "
          f"cameras {len(office.cameras)}, differences {len(differences) + abs(len(told) - len(expected))}")
    return 1 if differences or len(told) != len(expected) or cases < 100_000 or permitted == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
