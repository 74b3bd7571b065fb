#!/usr/bin/env python3
"""The ward office of 100 cameras is imported into an office that records: looked at first, applied, exported, compared, imported again with
changes, while cameras are moved, handed to other units, renamed, staged, accepted, suspended and retired. Of the cameras that were recorded
before, not a frame is lost and not a moment is without footage; each run begins where the one before ended.

CI has 6 cameras recorded and 4 of the hundred going in service with the import; `--cameras 40 --joining 60` is the large one."""
import csv
import datetime
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.office import ROOT, Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402

WARD = os.path.join(ROOT, "tests/data/office")
WARD_CAMERAS = 100
SHEETS = ["places", "units", "people", "assignments", "phases", "cameras", "placements", "charges", "states"]
KEYS = {"assignments": ["person", "post", "unit"], "people": ["username"], "placements": ["camera"], "charges": ["camera"], "states": ["camera"]}

# Of each camera: from when to when its clips reach, in how many pieces, and in how many runs.
PIECES = """
SELECT code, (SELECT count(*) FROM unnest(range_agg(tstzrange(start_at, end_at)))), count(DISTINCT run_id)
FROM clip JOIN camera ON camera.id = camera_id GROUP BY code"""
GAPS = """
SELECT code, reason, gap.start_at, gap.end_at FROM gap JOIN camera ON camera.id = camera_id
WHERE gap.start_at IS DISTINCT FROM gap.end_at AND gap.start_at < to_timestamp({until})
  AND gap.start_at > (SELECT min(start_at) FROM clip WHERE clip.camera_id = gap.camera_id)"""


def read(folder, sheet):
    with open(os.path.join(folder, sheet + ".csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(folder, sheet, rows):
    with open(os.path.join(folder, sheet + ".csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def ward_rows(sheet, joining, address):
    """The ward's rows, its cameras standing from now on, the first `joining` of them in service."""
    rows = read(WARD, sheet)
    if sheet == "cameras":
        return [dict(row, url=address(number)) for number, row in enumerate(rows)]
    if sheet in ("placements", "charges", "states"):
        first = {row["camera"]: row for row in reversed(rows)}  # the earliest of each
        in_service = {row["code"] for row in read(WARD, "cameras")[:joining]}
        rows = [dict(row, **{"from": now(), "to": ""}) for row in first.values()]
        for row in rows:
            if sheet == "states":
                row.update(state="in_service" if row["camera"] in in_service else "planned", note="")
            if sheet == "charges" and row["unit"] == "TAX-PAY":  # is closed one day
                row["unit"] = "TAX-ASSESS"
    return rows


def add_ward(office, folder, joining):
    """The office's own files, and behind its rows those of the ward that it doesn't have."""
    office.yagura("office", "export", folder)
    for sheet in SHEETS:
        own = read(folder, sheet)
        key = KEYS.get(sheet, ["code"])
        there = {tuple(row[name] for name in key) for row in own}
        new = ward_rows(sheet, joining, lambda n: f"rtsp://127.0.0.1:{office.farm_port}/camera/{office.recorded + n + 1}")
        write(folder, sheet, own + [row for row in new if tuple(row[name] for name in key) not in there])


def change_files(folder):
    """Names of all cameras, one more person, the post of another that ends one day."""
    cameras = read(folder, "cameras")
    write(folder, "cameras", [dict(row, name=row["name"] + " (renamed)") for row in cameras])
    people = read(folder, "people")
    write(folder, "people", people + [dict(people[0], username="newcomer", name="Newcomer")])
    posts = read(folder, "assignments")
    posts[-1]["to"] = "2099-04-01"
    write(folder, "assignments", posts)


def import_ward(office, joining):
    folder = os.path.join(office.folder, "files")
    add_ward(office, folder, joining)
    assert office.yagura("office", "diff", folder, check=False).returncode == 1
    office.yagura("office", "import", folder)
    began = time.monotonic()
    said = office.yagura("office", "import", folder, "--apply").stdout
    took_s = time.monotonic() - began
    assert "done: " in said, said
    assert office.yagura("office", "diff", folder).stdout == ""
    exported = os.path.join(office.folder, "exported")
    office.yagura("office", "export", exported)
    assert len(read(exported, "cameras")) == office.recorded + WARD_CAMERAS
    change_files(exported)
    office.yagura("office", "import", exported, "--apply")
    return took_s


def move_about(office, running):
    """Each recorded camera to another floor and unit, later to a third unit; the ward's last cameras, which are planned, through their states."""
    one, two, three, four = [row["code"] for row in read(WARD, "cameras")[-4:]]
    for code in running:
        to = int(code[0]) % 3 + 1
        office.yagura("camera", "move", "--camera", code, "--floor", f"HQ/MAIN/{to}F", "--unit", f"DEPT{to}")
    office.yagura("camera", "stage", "--camera", one, "--camera", two, "--camera", three)
    office.yagura("camera", "suspend", "--camera", "1F-01", "--note", "works on the ceiling")
    time.sleep(7)
    every = [word for code in running for word in ("--camera", code)]
    office.yagura("charge", "change", *every, "--unit", "WARD")
    office.yagura("camera", "accept", "--camera", one, "--camera", two, "--note", "seen")
    office.yagura("camera", "retire", "--camera", four)
    time.sleep(7)
    board = office.yagura("phase", "show", "--phase", "P3").stdout
    assert f"    {three} " in board and f"    {one} " not in board and f"    {four} " not in board, board


def judge(office, running, until):
    pieces = {code: (int(count), int(runs)) for code, count, runs in office.postgres.sql(PIECES)}
    assert all(pieces[code][0] == 1 for code in running), f"footage in pieces: {pieces}"
    assert all(pieces[code][1] == 3 for code in running), f"a run for each owner is expected: {pieces}"
    gaps = [row for row in office.postgres.sql(GAPS.format(until=until)) if row[0] in running]
    assert not gaps, f"gaps of cameras that were recorded all the time: {gaps}"
    report = office.check_sent()
    assert report["frames_lost"] == 0 and report["disagreements"] == 0, report
    return report


def scenario(options, folder):
    farm = options.cameras + WARD_CAMERAS
    with Office(folder, options.build, cameras=options.cameras, loop=loop(options, "gop_half"), farm_cameras=farm) as office:
        office.recorded = options.cameras
        office.start("record")
        office.start("keep")
        office.wait_all_recording(120)
        running = sorted(code for code, in office.postgres.sql("SELECT code FROM camera"))
        time.sleep(3)
        took_s = import_ward(office, options.joining)
        move_about(office, running)
        wait_until("the cameras that joined to be recorded", lambda: len(office.postgres.sql(
            "SELECT DISTINCT camera_id FROM run")) >= options.cameras + options.joining, 120, 0.5)
        until = time.time()
        time.sleep(3)
        office.children["record"].stop()
        office.start("record")  # tells the catalogue of the clips closed last
        wait_until("the closed clips in the catalogue", lambda: office.check_sent()["files_in_journal"] <= options.cameras + options.joining + 2,
                   120, 0.5)
        report = judge(office, running, until)
        print(json.dumps({"recorded": options.cameras, "joined": options.joining, "import_s": round(took_s, 2),
                          "frames_sent": report["frames_sent"], "frames_in_gaps": report["frames_in_gaps"], "frames_lost": 0,
                          "gaps_of_recorded": 0}))


if __name__ == "__main__":
    parsed = arguments(__doc__, cameras=6, joining=4)
    run(lambda folder: scenario(parsed, folder))
