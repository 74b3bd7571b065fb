#pragma once

#include "app/message.h"
#include "app/messages_audit_en.h"
#include "app/messages_board_en.h"
#include "app/messages_office_en.h"
#include "app/messages_people_en.h"
#include "app/messages_retention_en.h"
#include "app/messages_rollout_en.h"

namespace yagura::app {

/// English. The keys, and their order, are those of messages_ja.h too.
inline constexpr Message kEnglishGeneral[] = {
    {"yagura.summary",
     "yagura records an office's cameras and hands footage back to those who may see it."},

    {"help.usage", "Usage"},
    {"help.commands", "Commands"},
    {"help.options", "Options"},
    {"help.examples", "Examples"},
    {"help.required", "required"},
    {"help.repeatable", "may be given several times"},
    {"help.standard", "otherwise {value}"},
    {"help.command_help", "`{program} COMMAND --help` explains a command and shows an example."},
    {"help.help_option", "show this text"},

    {"usage.no_command", "no command given"},
    {"usage.unknown_command", "there is no command \"{given}\""},
    {"usage.unknown_option", "there is no option \"{given}\""},
    {"usage.unexpected", "nothing is expected where \"{given}\" stands"},
    {"usage.value_missing", "{option} needs a value"},
    {"usage.given_twice", "{option} is given more than once"},
    {"usage.options_missing", "not given: {options}"},
    {"usage.did_you_mean", "; did you mean \"{word}\"?"},
    {"usage.next", "next: {command}"},

    {"error.invalid_argument", "not understood"},
    {"error.unauthenticated", "not signed in"},
    {"error.permission_denied", "not permitted"},
    {"error.not_found", "not found"},
    {"error.already_exists", "already there"},
    {"error.failed_precondition", "not possible now"},
    {"error.out_of_range", "out of range"},
    {"error.resource_exhausted", "full, or over a limit"},
    {"error.unavailable", "not available; try again later"},
    {"error.deadline_exceeded", "took too long; try again later"},
    {"error.aborted", "something else changed the same thing; try again"},
    {"error.data_loss", "stored data is damaged or missing"},
    {"error.unimplemented", "not supported"},
    {"error.internal", "a fault of yagura itself"},

    {"value.file", "FILE"},
    {"option.config", "the configuration file"},
    {"option.language", "language of this program's texts; otherwise that of LANG"},
    {"configuration.wrong", "the configuration can't be used: {problem}"},
    {"configuration.next",
     "next: correct {file}, or name another file by --config; deploy/yagura.toml.example explains "
     "each line"},

    {"proxy_key.wrong",
     "{file} ([web] proxy_key) is missing, is not this user's alone (mode 0600), or holds no key"},
    {"store_keys.wrong",
     "{file} ([object_store] keys) is missing, is not this user's alone (mode 0600), or has not "
     "two lines"},
    {"store_keys.next",
     "next: write the access key and the secret key into it, a line each; then start this again"},
    {"proxy_key.next", "next: deploy/nginx/render makes it; then start this again"},

    {"migrate", "Bring the database's schema up to date"},
    {"migrate.about",
     "Applies, as role yagura_owner, the migrations that the database doesn't have yet, each in "
     "one transaction.\n"
     "Doing it again changes nothing. Run it after installing a new version, before starting the "
     "processes."},
    {"migrate.done", "the schema is up to date; migrations applied now: {count}"},
    {"database.not_migrated", "the database lacks {count} of this program's schema migrations"},
    {"database.differs", "the database's schema is not this program's: {why}"},
    {"database.migrate_next",
     "next: with the newest version of this program: yagura migrate --config {file}"},
    {"database.other_zone",
     "the office's time zone is {kept}, and the configuration says {given}: clip files lie under "
     "the dates of {kept}, and would not be found"},
    {"database.other_zone_next", "next: set time_zone = \"{kept}\" in {file}"},

    {"value.code", "CODE"},
    {"value.name", "NAME"},
    {"value.text", "TEXT"},
    {"value.number", "NUMBER"},
    {"value.floor", "FLOOR"},
    {"value.post", "POST"},
    {"value.instant", "INSTANT"},
    {"option.if_absent", "all right, and nothing done, where it is there already"},
    {"option.json", "print JSON, for programs"},
    {"if_absent.next", "next: choose another, or give --if-absent where that is all right"},
    {"none", "none"},
    {"nobody", "nobody"},
    {"instant.wrong", "{option}: expected a date, or an instant with its zone, found \"{given}\""},
    {"instant.next", "next: write it as in {option} {example}"},
    {"instant.too_early",
     "{at} is too early: a change takes effect at the earliest 5 seconds after it is entered"},
    {"instant.too_early.next", "next: give a later --at, or leave it out for the earliest instant"},
    {"option.at",
     "when it takes effect, as in 2027-04-01T00:00:00+09:00; otherwise in 5 seconds, the earliest"},
    {"range.wrong", "--to must come after --from"},
    {"range.next", "next: give a later --to, or leave it out: until it is ended"},

    {"serve", "Run all of yagura on this machine: record, api, media, keep"},
    {"serve.about",
     "Starts the four processes and starts again whichever ends, until SIGTERM or Ctrl-C.\n"
     "Killing one loses nothing that the others do."},
    {"record", "Record the cameras that are in service"},
    {"record.about",
     "Connects to each camera in service, writes its clips to the volumes, and tells the "
     "catalogue.\n"
     "While the database is away it records on with the cameras it knew last."},
    {"record.no_volume",
     "{path} is not there, an empty folder, or another disk than before: nothing is written to it"},
    {"record.no_volume_next",
     "next: mount the volume; if this is a new one: yagura volume format --config {file}"},
    {"record.runs", "another recorder runs with this state folder ({path})"},
    {"record.runs_next", "next: stop it first, or give this one a state_directory of its own"},
    {"keep", "Look after the catalogue: retention, partitions, alarms"},
    {"keep.about",
     "Deletes footage whose term is over, or the oldest where a volume is full, and writes proof "
     "of it;\n"
     "makes the catalogue's partitions ahead of time; signs once a minute where the audit log "
     "stands."},
    {"volume.format", "Make the configured folders volumes for clips"},
    {"volume.format.about",
     "Writes an identity into each empty [[volume]] folder, so that an unmounted disk is never "
     "mistaken for it.\n"
     "A folder that is a volume already stays what it is."},
    {"volume.format.done", "{path} is volume {id}"},
    {"volume.list", "How full the volumes are, and when they will be"},
    {"volume.list.about",
     "As yagura keep saw them last. The forecast goes by what was recorded on each in the last "
     "three days: at FULL\n"
     "footage begins to go before its term is over. WEIGHT is as the configuration has it: 0 where "
     "nothing new goes,\n"
     "- where it names no such volume."},
    {"volume.list.path", "PATH"},
    {"volume.list.weight", "WEIGHT"},
    {"volume.list.stored", "STORED"},
    {"volume.list.holds", "HOLDS"},
    {"volume.list.percent", "USED"},
    {"volume.list.per_day", "PER DAY"},
    {"volume.list.full", "FULL"},
    {"volume.list.enough", "enough for the term"},
    {"volume.list.full_now", "now"},
    {"volume.list.store",
     "Object store {address}: {clips} clips, {stored}; copied is what ended before {until}"},
    {"volume.list.fault", "  it takes no copies now: {why}"},
    {"volume.list.unknown", "not seen yet"},
    {"simulate", "Play recorded footage as RTSP cameras"},
    {"simulate.about",
     "Serves cameras 1 to N at rtsp://127.0.0.1:PORT/camera/<number>. Each frame carries a stamp, "
     "and the sent log\n"
     "says what was sent, so that `yagura check --sent` can judge what was recorded."},
    {"simulate.cameras", "how many cameras"},
    {"simulate.port", "where they listen; 0: any free port"},
    {"simulate.loop",
     "an H.264 or H.265 byte stream to play in a loop; several are given to the cameras in turn"},
    {"simulate.rate", "frames per second, instead of what the loops say"},
    {"simulate.sent_log", "note what is sent in this file"},
    {"simulate.faults", "what goes wrong with which camera and when: docs/design/fault-script.md"},
    {"simulate.parameter_sets", "where the cameras tell their parameter sets"},
    {"simulate.drift", "how much faster than ours the cameras' clocks run"},
    {"simulate.credentials", "a file of two lines, user and password; -: standard input"},
    {"simulate.auth", "how they ask for credentials"},
    {"simulate.habit",
     "in what they depart from the standard, given to the cameras in turn; all: everything known"},
    {"check", "Compare files, catalogue and journal, and what cameras sent"},
    {"check.about",
     "Finds rows without files, files without rows, time that was due and is neither recorded nor "
     "in a gap. With\n"
     "--checksums: also bytes that changed since they were written; it reads all footage, which "
     "takes hours for a month of\n"
     "it. With the sent log of simulated cameras: whether each frame sent is stored once and "
     "unchanged, or inside a gap.\n"
     "Changes nothing, and may run while cameras are recorded. Exit code 1: something disagrees."},
    {"check.checksums", "read every byte, and compare it with what was written"},
    {"check.sent", "the sent log of the simulated cameras"},
    {"check.json", "print the report as JSON"},
    {"check.rows", "catalogue rows"},
    {"check.files", "clip files"},
    {"check.objects", "copies in the object store"},
    {"check.in_journal", "no row yet"},
    {"check.due", "due"},
    {"check.recorded", "recorded"},
    {"check.in_gaps", "in gaps"},
    {"check.seconds", "{count} s"},
    {"check.frames_sent", "frames sent"},
    {"check.frames_stored", "stored"},
    {"check.frames_unsettled", "too new to tell"},
    {"check.frames_lost", "lost"},
    {"check.frames_broken", "broken on the way, by script"},
    {"check.clips_read", "clips compared with their checksums"},
    {"check.megabytes_read", "megabytes"},
    {"check.progress", "checksums: {clips} of {all} clips, {percent} %"},
    {"check.disagreements", "disagreements"},
    {"check.file_missing", "Rows without a file"},
    {"check.file_missing.next",
     "-> Bring the files back from a copy, and find out who removed them: only yagura keep deletes "
     "clips, and writes a proof of it."},
    {"check.file_differs", "Files that are not what their row says"},
    {"check.file_differs.next",
     "-> Leave them where they are; what is whole in them plays. Look at the disk's health and at "
     "who else writes there."},
    {"check.file_unknown", "Clips that nobody knows"},
    {"check.file_unknown.next",
     "-> Nobody can play them. Was the database brought back from an older copy? Leave them where "
     "they are; yagura catalogue rebuild gives them rows again."},
    {"check.file_foreign", "Files that are no clips"},
    {"check.file_foreign.next",
     "-> Yagura wrote no such file. Find out who did, and move it out of the folder clips."},
    {"check.not_as_written", "Footage that changed since it was written"},
    {"check.not_as_written.next",
     "-> Nobody is shown it. Look at the disk's health (smartctl -a), and bring these clips back "
     "from a copy, if there is one."},
    {"check.unexplained", "Time without footage and without a reason"},
    {"check.unexplained.next",
     "-> This should not be: report it, with the log of yagura record of that time."},
    {"check.told_twice", "Time that is told twice"},
    {"check.told_twice.next",
     "-> No footage is missing. This should not be: report it, with the log of yagura record of "
     "that time."},
    {"check.frames", "Frames of simulated cameras"},
    {"check.frames.next",
     "-> This should not be: keep the installation as it is, and report it with the sent log."},
    {"check.more", "and {count} more"},
    {"catalogue.rebuild", "Tell the catalogue again from the clip files and the journal"},
    {"catalogue.rebuild.about",
     "For a catalogue that was lost, or restored from an older backup. Reads every clip file that "
     "has no row, newest day\n"
     "first, and what the journal still has of runs and gaps. Changes no file; ends runs and gaps "
     "that an older backup\n"
     "has open. May be cut short and run again, and beside `yagura record`. Cameras, departments "
     "and floors come from\n"
     "the backup. Exit code 1: something has no row."},
    {"catalogue.rebuild.no_volume", "{path} is not there: its clips are left out"},
    {"catalogue.rebuild.progress",
     "{day}, {days} days to go: {files} clip files seen, {told} new rows"},
    {"catalogue.rebuild.files", "clip files"},
    {"catalogue.rebuild.told", "new rows"},
    {"catalogue.rebuild.known", "known already"},
    {"catalogue.rebuild.in_journal", "left to the recorder"},
    {"catalogue.rebuild.journal", "records of the journal"},
    {"catalogue.rebuild.ended", "open runs and gaps ended"},
    {"catalogue.rebuild.problems", "problems"},
    {"api", "Answer the JSON API"},
    {"api.about",
     "Serves everything of the API but footage, on this machine alone: nginx stands in front "
     "(deploy/nginx)."},
    {"media", "Hand out footage"},
    {"media.about",
     "Serves playlists, clips and video files, on this machine alone: nginx stands in front "
     "(deploy/nginx)."},
    {"decode", "Make pictures of coded frames, in a sandbox"},
    {"decode.about",
     "Started by `yagura media` and `record`, as often as they need pictures; standard input and "
     "output are its "
     "pipe. It has no\nnetwork, no files and no database."},
    {"decode.signs",
     "For each order tell what its first and last frame look like beside each other, not the "
     "picture"},
    {"decode.thumbnails", "Make each picture small, as many of them are shown along a timeline"},
    {"decode.video", "Make a stream H.264, frame by frame, for viewers that lack its codec"},
    {"pull_worker", "Pull one camera over UDP, multicast, TLS or HTTP, in a sandbox"},
    {"pull_worker.about",
     "Started by `yagura record`, one for each camera that isn't recorded over plain TCP; standard "
     "input and output\nare its pipe. It has no files and no database."},
};

inline constexpr auto kEnglishMessages =
    JoinMessages(kEnglishGeneral, kEnglishOffice, kEnglishRollout, kEnglishPeople, kEnglishBoard,
                 kEnglishAudit, kEnglishRetention);

}  // namespace yagura::app
