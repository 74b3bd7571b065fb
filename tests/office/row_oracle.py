#!/usr/bin/env python3
"""row_oracle.py PROGRAM FOLDER: which rows each person of an office may read in the database, around each of its dated changes, computed from
its CSV files by a reading of the rules that knows nothing of the schema's, and compared with what row-level security shows. Prints the number
of rows and of differences; fails on any."""
import datetime
import os
import subprocess
import sys

from decision_oracle import EVER, MICROSECOND, Office, holds, read, text

STAFF = {"department_head", "general_manager"}
SECOND = datetime.timedelta(seconds=1)


class Rows(Office):
    def __init__(self, folder):
        super().__init__(folder)
        self.phases = {row["code"]: row["phase"] for row in read(folder, "cameras.csv")}
        self.all_phases = [row["code"] for row in read(folder, "phases.csv")]

    def footage(self, recorded_at):
        """(camera, number of the instant, owner, whether it was recorded while staged)"""
        for camera in self.cameras:
            for number, at in enumerate(recorded_at):
                for charge in self.charges.get(camera, []):
                    if holds(charge, at):
                        staged = any(state["state"] == "staged" and holds(state, at) for state in self.states[camera])
                        yield f"{camera}@{number}", charge["unit"], staged

    def shows_health(self, camera, pictures, metadata, now):
        """Of a camera that is to be recorded now: it stands somewhere, and somebody is in charge."""
        charge = next((charge for charge in self.charges.get(camera, []) if holds(charge, now)), None)
        state = next((state["state"] for state in self.states[camera] if holds(state, now)), None)
        stands = any(holds(placement, now) for placement in self.placements.get(camera, []))
        if charge is None or not stands or state not in ("staged", "in_service"):
            return False
        return metadata or charge["unit"] in pictures and state == "in_service"

    def seen(self, person, now, footage):
        """What the person reads at `now`, by kind."""
        pictures, metadata, operates, _ = self.sight(person, now)
        mine = [post for post in self.posts if post["person"] == person]
        counting = [post for post in mine if holds(post, now) and holds(self.units[post["unit"]], now)]
        staff = set().union(*(self.held(post["unit"], now) for post in counting if post["post"] in STAFF))
        if any(post["post"] == "administrator" for post in counting):
            staff = set(self.units)
        listed = mine + [post for post in self.posts if post["unit"] in staff and now < post["to"] and post not in mine]
        begun = {camera: [charge for charge in charges if charge["unit"] in pictures and charge["from"] <= now]
                 for camera, charges in self.charges.items()}
        cameras = self.cameras if metadata else [camera for camera in self.cameras if begun.get(camera)]
        floors = {placement["floor"] for camera in cameras for placement in self.placements.get(camera, []) if placement["from"] <= now and
                  any(charge["from"] < placement["to"] and placement["from"] < charge["to"] for charge in begun.get(camera, []))}
        clips = [name for name, owner, staged in footage if owner in pictures and not staged]
        return {
            "assignment": [f"{post['person']}/{post['post']}/{post['unit']}/{'' if post['to'] == EVER else 'ends'}" for post in listed],
            "camera": cameras,
            "clip": clips,
            "floor": self.floors if metadata else floors,
            "gap": [name for name, _, _ in footage] if metadata else clips,
            "health": [camera for camera in self.cameras if self.shows_health(camera, pictures, metadata, now)],
            "live": [camera for camera in self.cameras if self.shows_live(camera, pictures, operates, now)],
            "person": {person, *(post["person"] for post in listed)},
            "phase": self.all_phases if metadata else {self.phases[camera] for camera in cameras if self.phases[camera]},
            "run": clips,
            "unit": self.units if metadata else pictures | {post["unit"] for post in counting},
        }


def main(program, folder):
    office = Rows(folder)
    changes = office.changes()
    recorded_at = sorted({at - beside for at in changes for beside in (SECOND, 0 * SECOND)})
    footage = list(office.footage(recorded_at))
    asked = "\n".join(map(text, changes)) + "\n\n" + "\n".join(map(text, recorded_at)) + "\n"
    told = subprocess.run([program, folder], input=asked, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    expected = []
    rows = 0
    for change in changes:
        for person in sorted(office.people):
            for now in (change - MICROSECOND, change, change + MICROSECOND):
                for kind, names in office.seen(person, now, footage).items():
                    expected.append(" ".join([text(now), person, kind, *sorted(names)]))
                    rows += len(names)
    foreign, missing = 0, 0
    for a, b in zip(told, expected):
        more, fewer = set(a.split()) - set(b.split()), set(b.split()) - set(a.split())
        foreign, missing = foreign + len(more), missing + len(fewer)
        if more or fewer:
            print(f"{' '.join(b.split()[:3])}: foreign {sorted(more)[:5]}, missing {sorted(fewer)[:5]}", file=sys.stderr)
    print(f"row security: changes {len(changes)}, people {len(office.people)}, rows {rows}, foreign {foreign}, missing {missing}")
    return 1 if foreign or missing or len(told) != len(expected) or rows < 100_000 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
