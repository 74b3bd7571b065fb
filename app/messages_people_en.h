#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, part four: what opens an account. The Japanese ones have the same keys in the same
/// order.
inline constexpr Message kEnglishPeople[] = {
    {"person.change", "Change a person's name"},
    {"person.change.about", "The name to sign in with stays what it is."},
    {"person.changed", "changed: {username}"},
    {"person.password", "Set a person's password"},
    {"person.password.about",
     "It comes on standard input, one line of at least 8 bytes; a terminal doesn't show it. Open "
     "sessions end, and\n"
     "guesses at the old one no longer count."},
    {"person.password_set", "password set: {username}"},
    {"person.initial_passwords", "Give many people their first passwords"},
    {"person.initial_passwords.about",
     "Standard input is CSV: a line for each person, the name to sign in with and a password. "
     "Where the password is\n"
     "left out, one is made up; a second factor comes with it. Prints both as CSV, once: nobody "
     "can read them again.\n"
     "Whoever can sign in already keeps what there is, and is named; --replace gives those a new "
     "password too. All lines\n"
     "are done, or none."},
    {"initial.replace", "give a new password also to those who have one; their sessions end"},
    {"initial.kept", "have a password already and keep it (--replace gives a new one): {people}"},
    {"initial.refused", "nothing was changed: standard input is no list of people"},
    {"initial.refused.next", "next: mend these lines; yagura person list shows the names"},
    {"initial.no_csv", "line {line}: no CSV"},
    {"initial.unknown", "line {line}: there is no person \"{given}\""},
    {"initial.twice", "line {line}: {given} was named before"},
    {"initial.password", "line {line}: expected a name, and a password of 8 to 1024 bytes or none"},
    {"option.preview", "only show who would gain or lose what; change nothing"},
    {"assignment.needs_factor",
     "an administrator can't sign in without a second factor, and {person} has none\nnext: yagura "
     "person otp-reset --username {person}"},
    {"preview.nothing_done", "nothing was changed"},

    {"person.otp_reset", "Give a person a new second factor"},
    {"person.otp_reset.about",
     "Prints an otpauth address, once, for the person's authenticator (RFC 6238: six digits, 30 "
     "s). "
     "The old one is\n"
     "worth nothing from now on, and open sessions end. With --password-alone the account is "
     "opened "
     "without codes,\n"
     "but never while its person holds the post of administrator."},
    {"person.otp_code", "Print the code that an authenticator shows"},
    {"person.otp_code.about",
     "The secret (the letters behind secret= in the otpauth address) comes on standard input, one "
     "line; a terminal\n"
     "doesn't show it. Nothing is asked of the database."},
    {"option.password_alone",
     "no second factor: the password alone opens the account (not an administrator's)"},
    {"option.code_at", "when; otherwise now"},
    {"otp.given",
     "second factor, shown this once: put it into the person's authenticator, and keep no copy"},
    {"otp.password_alone", "{username} signs in by password alone"},
    {"otp.set", "set"},
    {"otp.none", "password alone"},
    {"otp.missing", "MISSING"},
    {"otp.prompt", "Secret: "},
    {"otp.wrong_secret", "no secret of a second factor came on standard input"},
    {"otp.wrong_secret.next",
     "next: give the 32 letters and digits behind secret= in the otpauth address"},

    {"session.list", "List open sessions"},
    {"session.list.about", "Who is signed in, since when, and where."},
    {"session.end", "Sign people out"},
    {"session.end.about",
     "Ends one session, or all of a person, at once: pictures that are being shown stop within 2 "
     "s."},
    {"option.session_id", "which one: an id that `yagura session list` shows"},
    {"session.which", "which session is to end isn't said, or said twice"},
    {"session.which.next", "next: give --username or --id"},
    {"session.no_such", "there is no open session \"{given}\""},
    {"session.no_such.next", "next: yagura session list"},
    {"session.ended", "sessions ended: {count}"},
    {"column.terminal", "TERMINAL"},
    {"column.started", "STARTED"},
    {"column.last_used", "LAST USED"},
    {"column.ends", "ENDS"},
    {"column.second_factor", "SECOND FACTOR"},
};

}  // namespace yagura::app
