#!/usr/bin/env python3
"""A day of looking at cameras in a minute: five people play, jump, download whole files and parts, hang up in the middle and watch live, all at once. Each notes by the
stamps in the bytes which frames came; then the audit log alone, read as an auditor by GET /v1/audit, must tell the same time of the same cameras to the
second, each stretch opened before its first byte, and as many bytes. What a hung-up connection still held counts as handed out: at most --on-the-way bytes of
each such play. Heads learn of viewings of their own footage alone. The log then holds (`yagura audit check`); with one record altered it doesn't."""
import concurrent.futures
import os
import random
import re
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from support.footage import micros, rfc3339  # noqa: E402
from support.intervals import joined, length_us, minus, widened  # noqa: E402
from support.office import Office  # noqa: E402
from support.processes import wait_until  # noqa: E402
from support.scenario import arguments, loop, run  # noqa: E402
from support.sent_log import sent_frames  # noqa: E402
from support.standstill import STANDSTILL  # noqa: E402
from support.viewer_notes import Notes, Person  # noqa: E402

PEOPLE = ["head1", "head2", "head3", "manager", "crisis"]
LOOPS = ["main", "gop_half", "high_b"]
EDGE_US = 150_000  # what a frame's wall time may be off
SECOND_US = 1_000_000
RANGE = re.compile(r"[\[(]([^,]+),([^,\])]+)[\])]")


def utc(us):
    return rfc3339(us).replace("+00:00", "Z")


def one_play(person, camera, rng, recorded):
    """Something that a person does with a camera; `recorded`: [from, to) of its footage."""
    from_us = rng.randrange(recorded[0], recorded[1] - 22 * SECOND_US)
    span = (utc(from_us), utc(from_us + rng.randrange(3, 20) * SECOND_US))
    kind = rng.choice(["whole", "part", "play", "play", "hang up", "live"])
    if kind == "whole":
        person.download(camera, *span)
    elif kind == "part":
        first = rng.randrange(1000, 300_000)
        person.download(camera, utc(recorded[0]), utc(recorded[1]), f"bytes={first}-{first + rng.randrange(100_000, 900_000)}")
    elif kind == "play":
        begin = rng.randrange(20)
        person.play(camera, utc(recorded[0]), utc(recorded[1]), [begin, begin + 1, begin + 2, begin + 9, begin + 3])
    elif kind == "hang up":
        person.download_some(camera, utc(recorded[0]), utc(recorded[1]), rng.randrange(100_000, 800_000))
    else:
        person.watch(camera, rng.uniform(2, 5))
    return kind


def simulate_day(office, plays, rng, recorded):
    """Everybody at once, each one thing after the other. Returns the notes and how often what was done."""
    notes, done = Notes(), {}

    def act(person, seed):
        mine = random.Random(seed)
        cameras = person.cameras()
        return [one_play(person, camera, mine, recorded[camera["id"]]) for camera in (mine.choice(cameras) for _ in range(plays))]

    people = [Person(office, username, notes) for username in PEOPLE]
    with concurrent.futures.ThreadPoolExecutor(len(PEOPLE)) as pool:
        for kinds in pool.map(act, people, [rng.randrange(1 << 32) for _ in PEOPLE]):
            for kind in kinds:
                done[kind] = done.get(kind, 0) + 1
    return notes, done


def read_log(auditor, from_s):
    """{viewing id: what the log tells of it}, from the log alone."""
    viewings = {}
    for record in auditor.all_items("/v1/audit", from_=utc(from_s * 1e6), to=utc(time.time() * 1e6), limit=500):
        body = record["body"]
        if record["event"] == "viewing_opened":
            viewings[body["viewing"]] = {**body, "at": micros(record["at"]), "delivered": [], "bytes": 0}
        elif record["event"] == "viewing_delivered":
            told = RANGE.findall(body["delivered"].replace('"', ""))
            viewings[body["viewing"]]["delivered"] += [(micros(start), micros(end)) for start, end in told]
            viewings[body["viewing"]]["bytes"] += body["bytes"]
    return viewings


def shown(plays, captured, interval_us):
    """The time that the frames of these plays show."""
    times = [captured[key] for play in plays for key in play["stamps"]]
    return joined([(t, t + interval_us) for t in times], 3 * interval_us)


def compare(key, plays, viewings, captured, options):
    """One person, camera and action: by the notes and by the log. Returns (seconds shown, seconds told)."""
    interval_us = 100_000
    noted = shown(plays, captured, interval_us)
    told = joined([stretch for viewing in viewings for stretch in viewing["delivered"]])
    still_us = round(STANDSTILL.longest_s() * 1e6)
    unrecorded = minus(noted, widened(told, EDGE_US + still_us, EDGE_US + still_us + interval_us))
    assert not unrecorded, f"{key}: shown and in no record: {unrecorded}; told {told}"
    for viewing in viewings:
        outside = minus(viewing["delivered"], [(micros(viewing["from"]), micros(viewing["to"]))])
        assert not outside, f"{key}: delivered outside the viewing: {outside}"
    bytes_noted, bytes_told = sum(play["bytes"] or 0 for play in plays), sum(viewing["bytes"] for viewing in viewings)
    hung_up = sum(play["aborted"] for play in plays)
    if all(play["bytes"] is not None for play in plays):
        assert 0 <= bytes_told - bytes_noted <= hung_up * options.on_the_way, f"{key}: {bytes_noted} bytes came, {bytes_told} are told"
    if not hung_up or key[2] == "live.play":
        too_much = minus(told, widened(noted, SECOND_US + still_us, SECOND_US + still_us))
        assert not too_much, f"{key}: told and not shown: {too_much}; shown {noted}"
    for play in plays:
        first = min(captured[stamp] for stamp in play["stamps"]) if play["stamps"] else None
        before = [v for v in viewings if first and micros(v["from"]) - EDGE_US - still_us <= first < micros(v["to"]) + EDGE_US + still_us]
        assert first is None or before, f"{key}: no viewing holds {utc(first)}"
    return length_us(noted) / 1e6, length_us(told) / 1e6


def compare_all(notes, viewings, office, options):
    sent = sent_frames(office.sent_log, [stamp for play in notes.plays for stamp in play["stamps"]])
    captured = {key: frame.captured_us for key, frame in sent.items()}
    by_key = {}
    for play in notes.plays:
        by_key.setdefault((play["person"], play["camera"], play["action"]), ([], []))[0].append(play)
    for viewing in viewings.values():
        key = (viewing["person"], viewing["camera"], viewing["action"])
        assert key in by_key, f"a viewing of which nobody noted anything: {viewing}"
        by_key[key][1].append(viewing)
    lengths = [compare(key, plays, told, captured, options) for key, (plays, told) in by_key.items()]
    return len(by_key), sum(noted for noted, _ in lengths), sum(told for _, told in lengths)


def judge_heads(office, auditor, span):
    """Each head is told of the viewings of own cameras, all of them, and of no other."""
    everything = auditor.all_items("/v1/viewings", **span)
    for n in (1, 2, 3):
        head = office.sign_in(f"head{n}")
        own = {camera["id"] for camera in head.all_items("/v1/cameras")}
        told = head.all_items("/v1/viewings", **span)
        assert {item["id"] for item in told} == {item["id"] for item in everything if item["camera_id"] in own}
        foreign = next(item["camera_id"] for item in everything if item["camera_id"] not in own)
        assert head.get("/v1/viewings", camera=foreign, **span).status == 404
    return len(everything)


def judge_tampering(office):
    """As the superuser, one byte of one record."""
    assert "the audit log holds" in office.yagura("audit", "check").stdout
    office.postgres.sql("SET session_replication_role = replica; UPDATE audit_record SET body = replace(body, '\"bytes\": ', '\"bytes\": 1')"
                        " WHERE writer = 'yagura_media' AND event = 'viewing_delivered' AND counter ="
                        " (SELECT min(counter) FROM audit_record WHERE event = 'viewing_delivered')")
    counter = office.postgres.sql("SELECT min(counter) FROM audit_record WHERE event = 'viewing_delivered'")[0][0]
    check = office.yagura("audit", "check", check=False)
    assert check.returncode == 1 and f"yagura_media: record {counter} is altered" in check.stdout, check.stdout


def scenario(options, folder):
    seed = options.seed or random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    with Office(folder, options.build, cameras=6, loop=[loop(options, name) for name in LOOPS]) as office:
        office.start("record")
        office.start_api_and_media()
        office.start("keep")
        office.start_nginx()
        begun = time.time()
        auditor = office.sign_in("auditor")
        wait_until("a closed clip of every camera", lambda: int(office.postgres.sql(
            "SELECT count(DISTINCT camera_id) FROM clip WHERE ended_by = 'rolled'")[0][0]) == 6, 150, 1)
        rows = office.postgres.sql("SELECT camera_id, extract(epoch FROM min(start_at)), extract(epoch FROM max(end_at)) FROM clip GROUP BY camera_id")
        recorded = {camera: (int(float(start) * 1e6), int(float(end) * 1e6)) for camera, start, end in rows}
        notes, done = simulate_day(office, options.plays, rng, recorded)
        office.children["media"].stop()  # tells what each viewing handed out; nobody waits two minutes for that
        viewings = read_log(auditor, begun)
        keys, noted_s, told_s = compare_all(notes, viewings, office, options)
        span = {"from_": utc(begun * 1e6), "to": utc(time.time() * 1e6)}
        listed = judge_heads(office, auditor, span)
        assert listed == len(viewings), f"{listed} viewings are listed, {len(viewings)} are in the log"
        office.children["keep"].stop()
        judge_tampering(office)
        print(f"{len(notes.plays)} plays of {len(PEOPLE)} people ({', '.join(f'{n} {kind}' for kind, n in sorted(done.items()))}): {len(viewings)} viewings,"
              f" {keys} of person, camera and action, {noted_s:.0f} s shown, {told_s:.0f} s told; 0 bytes outside a viewing; an altered record is found")


if __name__ == "__main__":
    parsed = arguments(__doc__, plays=8, seed=0, on_the_way=4_000_000)
    run(lambda folder: scenario(parsed, folder))
