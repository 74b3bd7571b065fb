#pragma once

#include "app/message.h"

namespace yagura::app {

/// English. The keys, and their order, are those of messages_ja.h too.
inline constexpr Message kEnglishMessages[] = {
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

    {"migrate", "Bring the database's schema up to date"},
    {"migrate.about",
     "Applies, as role yagura_owner, the migrations that the database doesn't have yet, each in "
     "one transaction.\n"
     "Doing it again changes nothing. Run it after installing a new version, before starting the "
     "processes."},
    {"migrate.done", "the schema is up to date; migrations applied now: {count}"},
};

}  // namespace yagura::app
