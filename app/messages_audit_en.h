#pragma once

#include "app/message.h"

namespace yagura::app {

/// English, of the audit log. The keys, and their order, are those of messages_audit_ja.h too.
inline constexpr Message kEnglishAudit[] = {
    {"audit.check", "Check that nothing in the audit log was altered or taken out"},
    {"audit.check.about",
     "Follows each writer's chain of records from the first to the last, and compares it with the "
     "seals that `yagura keep`\n"
     "signs once a minute outside the database. Names the first record that is altered or missing. "
     "Changes nothing.\n"
     "Exit code 1: it doesn't hold. Keep a copy of the seals and of the public key where this "
     "machine's administrators can't\n"
     "reach it, and check against that copy."},
    {"audit.check.seals", "the seals; otherwise those of the state folder"},
    {"audit.check.key", "the public key of the seals; otherwise that of the state folder"},
    {"audit.progress", "{count} records so far"},
    {"audit.records", "{count} records of {writers} writers were checked"},
    {"audit.seals", "{count} seals, the last of {at}"},
    {"audit.no_seals",
     "no seals in {file}: without them an end that was cut off, or a chain that was written anew, "
     "can't be seen; next: run yagura keep, or name the file by --seals"},
    {"audit.bad_seal",
     "line {line} of {file} is not as it was signed: nothing from there on counts"},
    {"audit.missing", "{writer}: record {counter} is missing"},
    {"audit.altered", "{writer}: record {counter} is altered"},
    {"audit.cut_off", "{writer}: record {counter} and all that followed it are missing"},
    {"audit.not_its_head",
     "{writer}: the chain's head is not that of the last record before {counter}"},
    {"audit.no_head", "{writer}: records of a writer that never wrote"},
    {"audit.not_as_sealed",
     "{writer}: of records {from} to {counter} not all are those that were "
     "sealed: the chain was written anew"},
    {"audit.holds", "the audit log holds"},
    {"audit.does_not_hold", "the audit log does not hold"},
};

}  // namespace yagura::app
