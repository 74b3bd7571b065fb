#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, of terms of retention. The keys, and their order, are those of messages_retention_ja.h.
inline constexpr Message kEnglishRetention[] = {
    {"retention.set", "Say how long footage is kept, from a date on"},
    {"retention.set.about",
     "Of one camera, of a place (SITE, SITE/BUILDING or SITE/BUILDING/FLOOR), or, with neither,\n"
     "of the whole office. A camera's term goes before its floor's, that before the building's,\n"
     "the site's and the office's; of several of one of these the one that began last counts.\n"
     "Terms are added, never changed. Says what goes sooner by it than without.\n"
     "`yagura retention plan` with the same options shows it first, and changes nothing."},
    {"retention.list", "List the terms of retention"},
    {"retention.list.about", "All that were ever set, in the order in which they were entered."},
    {"retention.plan", "Show what footage goes when"},
    {"retention.plan.about",
     "By day, what of the footage that there is now is deleted for its age; what is held goes on\n"
     "no day. With the options of `yagura retention set`: as it would be with that term, and what\n"
     "goes sooner by it. Changes nothing. Reads the row of each clip."},
    {"retention.days", "days that footage is kept, 7 to 3650"},
    {"retention.minimum_days", "days that footage is kept even where space is short, 7 or more"},
    {"retention.camera", "of this camera"},
    {"retention.place", "of this place: SITE, SITE/BUILDING or SITE/BUILDING/FLOOR"},
    {"retention.purpose", "what the footage is for, as the office's rules say"},
    {"retention.inherit", "no term of its own any more: that of the place around it counts again"},
    {"retention.value.days", "DAYS"},
    {"retention.both", "--camera and --place can't be given together"},
    {"retention.both.next", "next: set one term for the camera and another for the place"},
    {"retention.what", "expected either --days or --inherit"},
    {"retention.what.next",
     "next: give --days, or, for a camera or a place that has a term of its own, --inherit"},
    {"retention.minimum", "--minimum-days {minimum} is more than --days {days}"},
    {"retention.minimum.next", "next: give at most as many --minimum-days as --days"},
    {"retention.place.unknown", "there is no place \"{given}\""},
    {"retention.place.unknown.next",
     "next: yagura place list; write the codes from the site on, as in HQ/MAIN/1F"},
    {"retention.was_set", "version {version} of the terms: {of} {term}, from {at}"},
    {"retention.term", "{days} days, {minimum} of them where space is short"},
    {"retention.no_term", "no term of its own"},
    {"retention.sooner",
     "warning: {clips} clips that there are now go sooner by it, the first of them on {date}; "
     "next: yagura retention plan shows each day, and a later term set before {at} replaces this "
     "one"},
    {"retention.untold", "what goes sooner by it can't be told now: {why}"},
    {"retention.office", "the office"},
    {"retention.held", "held clips, on no day: {clips}"},
    {"retention.nothing", "no footage that would go"},
    {"statement", "Show what was stated of a day: that nothing older than its term was left"},
    {"statement.about",
     "yagura keep states each day, ten minutes after the midnight that ends it, what is older "
     "than\n"
     "its term and still there, what of it is held, and what was deleted in the day; the seals of\n"
     "the audit log sign it. Exit code 1: something was left that is not held, no seal covers the\n"
     "statement yet, or the log or the proofs of deletion are no longer what was signed."},
    {"statement.value", "DATE"},
    {"statement.day", "the office's day, as in 2027-04-01"},
    {"statement.none", "nothing was stated of the day \"{day}\""},
    {"statement.none.next",
     "next: write an earlier day as in 2027-04-01; yagura keep states it, where it runs, ten "
     "minutes after it has ended"},
    {"statement.of", "{day}, from {from} to {to}, counted at {at}: record {counter} of {writer}"},
    {"statement.left", "older than its term, and there: {count}"},
    {"statement.leaving", "older than its term, and being deleted: {count}"},
    {"statement.held", "older than its term, and held: {count}"},
    {"statement.deleted", "deleted in the day: {age} for age, {space} for space, {staged} staged"},
    {"statement.count", "{clips} clips, {bytes}"},
    {"statement.version", "by the terms up to version {version}"},
    {"statement.clean", "nothing older than its term was there but what is held"},
    {"statement.not_clean", "footage older than its term was there; next: yagura status"},
    {"statement.signed", "signed by the seals in {file}"},
    {"statement.unsigned",
     "no seal in {file} covers it; next: wait for a minute while yagura keep runs"},
    {"statement.altered", "the log is not what was signed; next: yagura audit check"},
    {"statement.proofs", "the proofs of the day's deletions are those that were counted"},
    {"statement.other_proofs", "the proofs of the day's deletions are not those that were counted"},
    {"retention.column.version", "VERSION"},
    {"retention.column.of", "OF"},
    {"retention.column.term", "KEPT"},
    {"retention.column.from", "FROM"},
    {"retention.column.purpose", "PURPOSE"},
    {"retention.column.day", "DAY"},
    {"retention.column.clips", "CLIPS"},
    {"retention.column.bytes", "BYTES"},
    {"retention.column.sooner", "SOONER BY IT"},
};

}  // namespace yagura::app
