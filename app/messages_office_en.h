#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, part two: places, people, cameras. The keys, and their order, are those of
/// messages_office_ja.h.
inline constexpr Message kEnglishOffice[] = {
    {"place.add_site", "Add a site"},
    {"place.add_site.about", "A site is a piece of ground with one or more buildings."},
    {"place.add_building", "Add a building to a site"},
    {"place.add_building.about",
     "A building has floors. Its code must differ from the site's other buildings'."},
    {"place.add_floor", "Add a floor to a building"},
    {"place.add_floor.about",
     "Cameras stand on floors. Name the building by its code, or SITE/BUILDING where several have "
     "that code."},
    {"place.list", "List sites, buildings and floors"},
    {"place.list.about", "The tree of all places, floors from the bottom up."},
    {"option.place_code", "its short name, without spaces, as in 3F"},
    {"option.place_name", "its name, as people say it"},
    {"option.site", "the site that it stands on"},
    {"option.building", "the building that it is in"},
    {"option.ordinal", "place from the bottom up, for lists; below ground --ordinal=-1"},
    {"place.added", "added: {code}"},
    {"place.there", "{code} is there already"},
    {"place.unknown", "{option}: there is no \"{given}\""},
    {"place.unknown.next", "next: yagura place list"},

    {"department.add", "Add a unit to the department tree"},
    {"department.add.about",
     "A unit without a parent is a controller, the root of a tree. Posts of a unit reach all units "
     "below it."},
    {"department.list", "List the department tree"},
    {"department.list.about", "Each unit below its parent."},
    {"option.unit_code", "its short name, without spaces, as in TAX"},
    {"option.unit_name", "its name, as people say it"},
    {"option.parent", "the unit above it; without: none"},
    {"unit.added", "added: {code}"},
    {"unit.there", "{code} is there already"},
    {"unit.unknown", "there is no unit \"{given}\""},
    {"unit.unknown.next", "next: yagura department list"},

    {"person.add", "Add a person who may sign in"},
    {"person.add.about",
     "The password comes on standard input, one line of at least 8 bytes; a terminal doesn't show "
     "it. The second\n"
     "factor is printed once, as an otpauth address for the person's authenticator.\n"
     "A person may nothing until holding a post: yagura assignment add."},
    {"person.disable", "Keep a person from signing in"},
    {"person.disable.about",
     "From now on the person can't sign in, and open sessions end. What they did stays recorded."},
    {"person.list", "List people"},
    {"person.list.about", "All accounts, disabled ones too."},
    {"option.username", "the name to sign in with: small letters, digits and . _ -"},
    {"option.person_name", "the person's name"},
    {"password.prompt", "Password: "},
    {"password.wrong", "no password came on standard input, or one that is too short or too long"},
    {"password.next", "next: give one line of 8 to 1024 bytes on standard input"},
    {"username.wrong", "\"{given}\" can't be a name to sign in with"},
    {"username.next",
     "next: choose one of small letters, digits and . _ -, beginning with a letter or digit"},
    {"person.added", "added: {username}"},
    {"person.there", "{username} is there already"},
    {"person.unknown", "there is no person \"{given}\""},
    {"person.unknown.next", "next: yagura person list"},
    {"person.disabled", "disabled: {username}"},

    {"assignment.add", "Give a person a post in a unit"},
    {"assignment.add.about",
     "Rights hang on posts, from one instant to another. department_head and general_manager see "
     "the footage of\n"
     "the unit and all below it, crisis_management all of the controller's; the others see no "
     "pictures."},
    {"assignment.end", "End a person's post"},
    {"assignment.end.about", "The right to footage ends with it, also for the past."},
    {"assignment.list", "List posts that people hold or will hold"},
    {"assignment.list.about", "With the ids that `yagura assignment end` takes."},
    {"option.person", "the name that the person signs in with"},
    {"option.post", "{posts}"},
    {"option.unit_of_post", "the unit in which the post is held"},
    {"option.from", "from when on; otherwise from now"},
    {"option.to", "until when; otherwise until it is ended"},
    {"option.assignment_id", "which one: an id that `yagura assignment list` shows"},
    {"option.at_now", "when it ends; otherwise now"},
    {"post.unknown", "there is no post \"{given}\""},
    {"post.unknown.next", "next: choose one of {posts}"},
    {"assignment.there", "{person} holds the post {post} in {unit} already"},
    {"assignment.added", "{person} holds the post {post} in {unit}"},
    {"assignment.unknown", "there is no person \"{person}\", or no unit \"{unit}\""},
    {"assignment.unknown.next", "next: yagura person list, yagura department list"},
    {"assignment.no_such", "there is no assignment \"{given}\""},
    {"assignment.no_such.next", "next: yagura assignment list"},
    {"assignment.not_then", "the post isn't held at {at}"},
    {"assignment.ended", "ended at {at}"},

    {"camera.add", "Add a camera"},
    {"camera.add.about",
     "In 5 seconds it stands on its floor, its unit is in charge of it, and with --in-service it "
     "is recorded.\n"
     "Credentials never stand in the URL: with --credentials, user name and password come on "
     "standard input, a\n"
     "line each, and are sealed so that the recorder alone can read them."},
    {"camera.change", "Change a camera"},
    {"camera.change.about",
     "Name, URL and credentials change at once; floor and state from --at on. The past stays as it "
     "was.\n"
     "An address with another host or port needs --credentials or --no-credentials where the "
     "camera has any.\n"
     "Who is in charge of it changes by `yagura charge change`."},
    {"camera.list", "List cameras"},
    {"camera.list.about",
     "As they are now, or at an instant; CHANGES is when floor, unit or state change next, as "
     "entered."},
    {"option.camera_code", "its short name, without spaces, as in 1F-03"},
    {"option.camera_name", "what it looks at, in words"},
    {"option.camera", "the camera's code"},
    {"option.floor", "the floor that it stands on: 1F, MAIN/1F or HQ/MAIN/1F"},
    {"option.unit", "the unit in charge"},
    {"option.url",
     "where its stream is, as in rtsp://10.20.1.3/stream1, without user name and password"},
    {"option.transport",
     "how its packets come: tcp (within the RTSP connection, the usual way), udp, multicast, tls "
     "(rtsps), http (RTSP over HTTP), or auto: tcp, else udp"},
    {"camera.no_sub", "camera \"{code}\" has no sub stream to be recorded"},
    {"camera.no_sub.next", "say with --sub-url where it is"},
    {"option.sub_url",
     "where its sub stream is, a smaller one for walls of cameras; it is let in as the main one is "
     "where both are on one host"},
    {"option.record_sub", "record the sub stream too; else it is pulled while somebody watches"},
    {"option.no_record_sub", "record the sub stream no more"},
    {"option.no_sub", "the camera has no sub stream any more"},
    {"transport.unknown", "no transport is called \"{given}\""},
    {"transport.unknown.next", "give tcp, udp, multicast, tls, http or auto"},
    {"option.in_service",
     "record it; otherwise it is planned, and recorded once its state is in_service"},
    {"option.state", "whether it is recorded"},
    {"option.credentials", "read user name and password from standard input, a line each"},
    {"option.no_credentials", "the camera asks for none any more"},
    {"option.only_floor", "only cameras on this floor"},
    {"option.only_unit", "only cameras that this unit is in charge of"},
    {"option.as_at", "as they are at this instant; otherwise now"},
    {"option.all_cameras", "retired ones too"},
    {"camera.added", "{code} is added, from {at} on"},
    {"camera.there", "{code} is there already"},
    {"camera.changed", "{code} is changed"},
    {"camera.changed_from", "{code} is changed, from {at} on"},
    {"camera.retired", "{code} is retired, from {at} on"},
    {"camera.unknown", "there is no camera \"{given}\""},
    {"camera.unknown.next", "next: yagura camera list"},
    {"camera.other_host",
     "{code} has a user name and password stored; they are shown to no other host or port than the "
     "one they were entered for"},
    {"camera.other_host.next",
     "next: give those of the new address with --credentials, or say --no-credentials where it "
     "asks for none"},
    {"camera.in_the_clear",
     "{code} has a user name and password stored that were sent over TLS alone; they are sent over "
     "no other transport unasked"},
    {"camera.in_the_clear.next",
     "next: give them again with --credentials, or say --no-credentials where it asks for none"},
    {"camera.no_change", "nothing was said that could change"},
    {"camera.no_change.next", "next: yagura camera change --help"},
    {"state.unknown", "--state: expected in_service or suspended, found \"{given}\""},
    {"state.unknown.next",
     "next: yagura camera change --help; a camera is retired by yagura camera retire"},
    {"floor.unknown", "there is no floor \"{given}\""},
    {"floor.several", "several floors are called \"{given}\""},
    {"floor.next", "next: yagura place list; write the building before the floor, as in MAIN/1F"},
    {"credentials.username", "User name at the camera: "},
    {"credentials.password", "Password at the camera: "},
    {"credentials.wrong",
     "a user name (without a colon) and a password are expected on standard input, a line each"},
    {"credentials.next", "next: printf '%s\\n' USER PASSWORD | yagura camera … --credentials"},
    {"recorder_key.none", "credentials can't be sealed: no recorder has told its key yet"},
    {"recorder_key.none.next", "next: start yagura record once, then do this again"},

    {"charge.change", "Put a unit in charge of cameras"},
    {"charge.change.about",
     "From --at on, footage belongs to the new unit; what was recorded before stays the old "
     "one's.\n"
     "Several cameras change together or not at all."},
    {"charge.changed", "{code}: {before} until {at}, then {after}"},
    {"charge.same", "{code}: {unit} is in charge already"},
    {"charge.refused",
     "{code} can't change then: it is retired, or a later change is entered already"},
    {"charge.refused.next",
     "next: yagura camera list --all shows its next change; choose a later --at"},

    {"status", "Say how recording stands"},
    {"status.about",
     "From the catalogue: cameras that are recorded of those that are due, clips kept and their "
     "size, the oldest\n"
     "clip; then a line for each camera that is missing, and why, and for each whose picture is\n"
     "black or frozen."},
    {"status.line",
     "{at}  recording {recording} of {due} cameras, {clips} clips, {bytes}, oldest {oldest}"},
    {"status.missing", "; {reason}: {cameras}"},
    {"status.full", "; full volumes: {volumes}"},
    {"status.no_recorder", "; NO RECORDER IS CONNECTED"},
    {"status.volume", "  {path} is more than {percent} % full; no more fits: {full}"},

    {"column.code", "CODE"},
    {"column.name", "NAME"},
    {"column.floor", "FLOOR"},
    {"column.unit", "UNIT"},
    {"column.state", "STATE"},
    {"column.changes", "CHANGES"},
    {"column.username", "USERNAME"},
    {"column.disabled", "DISABLED"},
    {"column.post", "POST"},
    {"column.from", "FROM"},
    {"column.to", "TO"},
};

}  // namespace yagura::app
