#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, part three: the office as files, phases, states of cameras. The Japanese ones have the
/// same keys in the same order.
inline constexpr Message kEnglishRollout[] = {
    {"office.import", "Make the office what its files say"},
    {"office.import.about",
     "DIR holds nine CSV files, as a spreadsheet saves them: places, units, people, assignments, "
     "phases, cameras,\n"
     "placements, charges, states (docs/design/office-csv.md). Shows what would be added and "
     "changed, and who gains or\n"
     "loses which cameras from when on; with --apply it is done, whole or not at all. The files "
     "are the whole office:\n"
     "begin with `yagura office export`, and take no line out: a thing ends by its `to`, a camera "
     "by the state retired,\n"
     "a person by `disabled`.\n"
     "Passwords are in no file: people set theirs by `yagura person`, cameras' are given by "
     "`yagura camera change`."},
    {"office.export", "Write the office to files"},
    {"office.export.about",
     "Writes the nine CSV files of the office as it is stored, past and planned too, to DIR, which "
     "is made where it is\n"
     "missing. Files of these names are replaced. A spreadsheet opens them; imported, and exported "
     "again, they are\n"
     "the same bytes."},
    {"office.diff", "Say how files differ from the office"},
    {"office.diff.about",
     "One line for each row that the files have and the office hasn't, the other way round, or "
     "that is different.\n"
     "Changes nothing. Exit code 1: they differ."},
    {"office.folder", "the folder with the nine files"},
    {"office.apply", "do it; otherwise it is only shown"},
    {"office.refused",
     "the office can't become what the files say; nothing was changed ({count}):"},
    {"office.refused.next",
     "next: correct these lines and do it again; yagura office export DIR writes files that fit"},
    {"office.more_problems", "and {count} more"},
    {"office.another",
     "these files are of another office: they know {known} of the {stored} cameras that are "
     "stored; "
     "nothing was changed ({count}):"},
    {"office.another.next",
     "next: begin with the files that yagura office export DIR writes, or run this office by "
     "itself: deploy/demo --office DIR --folder ANOTHER"},
    {"office.no_folder", "there is no folder \"{folder}\""},
    {"office.no_folder.next", "next: yagura office export {folder} makes one to begin with"},
    {"office.not_written", "\"{file}\" can't be written"},
    {"office.not_written.next", "next: name a folder that this user may write to"},
    {"office.same", "the office is what the files say; nothing to do"},
    {"office.row.added", "+ {file}: {row}"},
    {"office.row.changed", "~ {file}: {row}: {column} {before} -> {after}"},
    {"office.row.gone", "- {file}: {row}"},
    {"office.forgets",
     "! cameras.csv: {camera}: url has another host or port, or transport is tls no longer: the "
     "user "
     "name and password stored for the camera are forgotten. Give those that it is to have by "
     "yagura camera change --camera "
     "{camera} --credentials"},
    {"office.gains", "  {person} gains {count} cameras at {at}: {cameras}"},
    {"office.loses", "  {person} loses {count} cameras at {at}: {cameras}"},
    {"office.gains_past",
     "  {person} gains what {count} cameras recorded for {unit}, at {at}: {cameras}"},
    {"office.loses_past",
     "  {person} loses what {count} cameras recorded for {unit}, at {at}: {cameras}"},
    {"office.and_more", "and {count} more"},
    {"office.nobody", "  nobody gains or loses a camera's pictures"},
    {"office.preview", "{added} rows to add, {changed} to change; nothing was changed yet"},
    {"office.preview.next", "next: {command}"},
    {"office.applied", "done: {added} rows added, {changed} changed"},
    {"office.new_people",
     "people without a password yet: {people} (next: yagura person initial-passwords)"},
    {"office.exported", "written to {folder}: {rows} rows in nine files"},

    {"camera.import", "Add cameras from a file"},
    {"camera.import.about",
     "FILE is a CSV file as a spreadsheet saves it, a camera in each line: code, name, floor, "
     "unit, "
     "phase, url, state, transport, sub_url, record_sub;\n"
     "phase and state may be empty (then planned); transport (tcp where empty), sub_url and "
     "record_sub (no sub stream) may be left out. "
     "Shows "
     "what would\n"
     "be added; with --apply it is done, whole or not at all.\n"
     "In 5 seconds each stands on its floor and its unit is in charge of it."},
    {"camera.import.file", "the file"},
    {"camera.import.no_file", "\"{file}\" can't be read"},
    {"camera.import.no_file.next",
     "next: name a CSV file whose first line is code,name,floor,unit,phase,url,state"},
    {"fault.file_missing", "the file is missing"},
    {"fault.file_too_large", "the file is larger than 8 MiB"},
    {"fault.file_unknown", "no file of this name belongs to an office"},
    {"fault.utf16", "this is UTF-16; save it as CSV UTF-8"},
    {"fault.encoding", "neither UTF-8 nor CP932 (Shift_JIS)"},
    {"fault.no_header", "the file is empty; its first line must name the columns"},
    {"fault.column_missing", "this column is missing"},
    {"fault.column_twice", "this column is there twice"},
    {"fault.column_unknown", "this file has no such column"},
    {"fault.stray_quote", "a quote in a cell that doesn't begin with one"},
    {"fault.after_quote", "something stands behind the closing quote"},
    {"fault.unclosed_quote", "the quote that opens here is never closed"},
    {"fault.bare_return", "a line ends in CR alone; LF or CRLF is expected"},
    {"fault.field_too_long", "the cell is longer than 4096 bytes"},
    {"fault.too_many_fields", "the line has more than 64 cells"},
    {"fault.too_many_records", "the file has more than 50000 lines"},
    {"fault.field_count", "{other} cells are expected, {given} are there"},
    {"fault.empty", "nothing stands here"},
    {"fault.bad_code", "\"{given}\" is no code: 1 to 64 bytes without spaces and \"/\""},
    {"fault.bad_place", "\"{given}\" is no place: HQ, HQ/MAIN or HQ/MAIN/1F is expected"},
    {"fault.bad_username",
     "\"{given}\" can't be a name to sign in with: small letters, digits and . _ -"},
    {"fault.bad_name", "the text is too long, or has a line break or control character in it"},
    {"fault.bad_number", "\"{given}\" is no whole number from -1000 to 1000"},
    {"fault.bad_instant",
     "\"{given}\" is no instant: 2027-04-01, 2027/4/1 9:30 or 2027-04-01T09:30:00+09:00 is "
     "expected"},
    {"fault.bad_url", "not an address such as rtsp://10.20.1.3/stream1"},
    {"fault.url_credentials",
     "the address has a user name or \"@\" in it; give them by yagura camera change --credentials"},
    {"fault.bad_post", "there is no post \"{given}\""},
    {"fault.bad_state", "there is no state \"{given}\""},
    {"fault.bad_transport",
     "no transport is called \"{given}\": tcp, udp, multicast, tls, http or auto"},
    {"fault.bad_yes_no", "\"{given}\" is neither yes nor no"},
    {"fault.no_sub_stream", "a sub stream is to be recorded, and sub_url says of none"},
    {"fault.unwanted", "only a floor has an order"},
    {"fault.twice", "\"{given}\" is there twice; first in line {other}"},
    {"fault.stored", "\"{given}\" is stored already"},
    {"fault.unknown", "\"{given}\" is not in {other}"},
    {"fault.not_a_floor", "\"{given}\" is no floor; HQ/MAIN/1F is expected"},
    {"fault.reversed", "{given} is not after {other}, where it begins"},
    {"fault.overlap", "what begins at {given} overlaps line {other}, which has not ended by then"},
    {"fault.below_itself", "the unit lies below itself"},
    {"fault.outside_unit", "\"{given}\" doesn't exist all that time, but {other}"},
    {"range.from", "from {at}"},
    {"range.until", "until {at}"},
    {"fault.no_end", "the unit has successors, but no `to`, from when on they are"},
    {"fault.no_successor",
     "\"{other}\" can't succeed it: a unit of the same controller that is there when this one ends "
     "is expected"},
    {"fault.stateless", "\"{given}\" has no line in states.csv"},
    {"fault.bad_step", "a camera can't go from {other} to {given}"},
    {"fault.unplaced", "recorded in this state, it must have a line in {other} for all that time"},
    {"fault.retired", "the camera is retired at {other}; this must have ended by then"},
    {"fault.gone", "\"{given}\" is stored and has no line here; end it by its `to` instead"},
    {"fault.gone_stays",
     "\"{given}\" is stored and has no line here; its line stays, also where nothing uses it any "
     "more"},
    {"fault.gone_person",
     "\"{given}\" is stored and has no line here; leave it, with the day in `disabled`"},
    {"fault.gone_camera",
     "\"{given}\" is stored and has no line here; leave all of its lines, end those that are open "
     "by `to`, and add the state retired to states.csv from then on"},
    {"fault.fixed", "it is stored as \"{other}\" and can't be another"},
    {"fault.past", "it ended at {other}; what is past is not changed"},
    {"fault.too_early", "\"{given}\" is too early; 5 seconds from now, or later"},

    {"camera.stage", "Set a camera up: record it for nobody to see"},
    {"camera.stage.about",
     "What is recorded from --at on shows that the camera works. Nobody sees it, and it is deleted "
     "once the camera is\n"
     "in service. Operations alone may look at it live."},
    {"camera.accept", "Declare a camera accepted"},
    {"camera.accept.about",
     "Operations have seen that it works; --note says how, and is kept. From --at on it is no "
     "longer recorded and waits\n"
     "for its phase: `yagura keep` puts it in service at the phase's date."},
    {"camera.suspend", "Stop recording a camera for a while"},
    {"camera.suspend.about",
     "It keeps its place and its unit. Goes on by `yagura camera change --state in_service`."},
    {"camera.retire", "Retire a camera for good"},
    {"camera.retire.about",
     "From --at on it is not recorded, stands nowhere, and nobody is in charge of it. Its footage "
     "stays with the\n"
     "units that recorded it, and its code stays taken."},
    {"camera.move", "Move a camera to another floor"},
    {"camera.move.about",
     "From --at on it stands there, and with --unit that unit is in charge of it; both at the same "
     "instant. Footage\n"
     "recorded before stays with the floor and unit that it was recorded for."},
    {"camera.replace", "Put another device in a camera's place"},
    {"camera.replace.about",
     "The code, its place and its footage stay; the address changes at once. Credentials of the "
     "old "
     "device are\n"
     "forgotten; give the new one's by --credentials."},
    {"camera.unpark", "Connect to a parked camera again"},
    {"camera.unpark.about",
     "A camera is parked when what it sends crashed the recorder twice within ten minutes; `yagura "
     "status` says so.\n"
     "From now on it is recorded again, and crashes before count no more. Do it once the camera "
     "has other firmware or\n"
     "settings, or `yagura` is a newer one: else all cameras lose some seconds twice, until it is "
     "parked again. Another\n"
     "address, other credentials or another device do it by themselves."},
    {"camera.certificates", "List the certificates that cameras over TLS showed"},
    {"camera.certificates.about",
     "Each camera's is that of its first session (SHA-256). One that shows another since is told "
     "nothing, and isn't\n"
     "recorded: REFUSED is what it shows."},
    {"camera.forget_certificate", "Take a camera's next certificate for its own"},
    {"camera.forget_certificate.about",
     "Once the camera has got another certificate by your own doing. Compare it with what `yagura "
     "camera certificates`\n"
     "shows as REFUSED: whoever stands in the camera's place now is given its credentials."},
    {"option.note", "what was looked at, in words"},
    {"option.only_phase", "only cameras of this phase"},
    {"option.phase", "the phase that it belongs to"},
    {"camera.now", "{code} is {state}, from {at} on"},
    {"camera.moved", "{code} stands at {floor}, from {at} on"},
    {"camera.replaced", "{code} is another device now"},
    {"camera.unparked", "{code} is connected to again, in a second or two"},
    {"camera.certificate_forgotten",
     "{code}: the next certificate that it shows is taken for its own"},
    {"camera.is_retired", "{code} is retired, or will be"},
    {"camera.bad_step", "{code} is {before} then, and can't go from that to {after}"},
    {"camera.bad_step.next",
     "next: yagura camera list --all; planned -> staged -> accepted -> in_service"},
    {"camera.later_change",
     "{code}: a change at or after {at} is entered already, or it is retired"},
    {"camera.later_change.next", "next: yagura camera list --all shows it; choose a later --at"},

    {"phase.add", "Add a phase of the rollout"},
    {"phase.add.about",
     "At its date `yagura keep` puts the phase's cameras in service, if all of them are accepted; "
     "else as soon as they are.\n"
     "Cameras join it by `yagura camera change --phase`."},
    {"phase.change", "Change a phase's name or date"},
    {"phase.change.about", "Cameras that are in service already stay so."},
    {"phase.list", "List phases and how far they are"},
    {"phase.list.about", "How many cameras of each are in which state now."},
    {"phase.show", "Show a phase and what it lacks"},
    {"phase.show.about",
     "Floor by floor, how many of its cameras are ready, and of each that is not, why: not set up, "
     "not recorded and\n"
     "for which reason, not accepted; of those in service, which are not recorded."},
    {"option.phase_code", "its short name, without spaces, as in P1"},
    {"option.phase_name", "its name, as people say it"},
    {"option.starts", "when it goes in service: 2027-06-01, or an instant"},
    {"option.the_phase", "the phase's code"},
    {"phase.added", "added: {code}, goes in service at {at}"},
    {"phase.there", "{code} is there already"},
    {"phase.changed", "{code} is changed, goes in service at {at}"},
    {"phase.unknown", "there is no phase \"{given}\""},
    {"phase.unknown.next", "next: yagura phase list"},
    {"phase.no_change", "nothing was said that could change"},
    {"phase.no_change.next", "next: yagura phase change --help"},
    {"phase.bad_date", "{option}: \"{given}\" is no date"},
    {"phase.bad_date.next", "next: give a date such as 2027-06-01, or an instant"},
    {"phase.in_service", "{code} {name}: in service since {at}, {count} cameras"},
    {"phase.ready", "{code} {name}: all {count} cameras are accepted; goes in service at {at}"},
    {"phase.lacks", "{code} {name}: {count} cameras are not accepted yet, for {at}: {cameras}"},
    {"phase.empty", "{code} {name}: no camera belongs to it; its date is {at}"},
    {"column.starts", "STARTS"},
    {"column.cameras", "CAMERAS"},
    {"column.missing", "NOT ACCEPTED"},
    {"column.accepted", "ACCEPTED"},
    {"column.in_service", "IN SERVICE"},
    {"column.phase", "PHASE"},
    {"column.transport", "TRANSPORT"},
    {"column.certificate", "CERTIFICATE"},
    {"column.since", "SINCE"},
    {"column.refused", "REFUSED"},
    {"column.sub_stream", "SUB STREAM"},
    {"sub_stream.recorded", "recorded"},
    {"sub_stream.watched", "for who watches"},
};

}  // namespace yagura::app
