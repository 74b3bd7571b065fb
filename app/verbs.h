#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "app/verb.h"

namespace yagura::app {

// Each group of verbs has a file of its own, <group>_verbs.cc or <verb>_verb.cc.
[[nodiscard]] Verb MigrateVerb(const Messages& say);
[[nodiscard]] Verb ServeVerb(const Messages& say);
[[nodiscard]] Verb RecordVerb(const Messages& say);
[[nodiscard]] Verb ApiVerb(const Messages& say);
[[nodiscard]] Verb MediaVerb(const Messages& say);
[[nodiscard]] Verb DecodeVerb(const Messages& say);
[[nodiscard]] Verb PullWorkerVerb(const Messages& say);
[[nodiscard]] Verb KeepVerb(const Messages& say);
[[nodiscard]] Verb VolumeFormatVerb(const Messages& say);
[[nodiscard]] Verb VolumeListVerb(const Messages& say);
[[nodiscard]] Verb CheckVerb(const Messages& say);
[[nodiscard]] Verb CatalogueRebuildVerb(const Messages& say);
[[nodiscard]] Verb SimulateVerb(const Messages& say);
[[nodiscard]] std::vector<Verb> PlaceVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> DepartmentVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> PersonVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> PersonSecretVerbs(const Messages& say);
[[nodiscard]] Verb InitialPasswordsVerb(const Messages& say);
[[nodiscard]] std::vector<Verb> SessionVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> AssignmentVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> CameraVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> CertificateVerbs(const Messages& say);
[[nodiscard]] Verb CameraImportVerb(const Messages& say);
[[nodiscard]] Verb CameraListVerb(const Messages& say);
[[nodiscard]] Verb ChargeChangeVerb(const Messages& say);
[[nodiscard]] std::vector<Verb> RolloutVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> PhaseVerbs(const Messages& say);
[[nodiscard]] std::vector<Verb> RetentionVerbs(const Messages& say);
[[nodiscard]] Verb StatementVerb(const Messages& say);
[[nodiscard]] std::vector<Verb> OfficeVerbs(const Messages& say);
[[nodiscard]] Verb StatusVerb(const Messages& say);
[[nodiscard]] Verb AuditCheckVerb(const Messages& say);

/// Everything that `yagura` can be told to do, in the order in which help lists it.
[[nodiscard]] std::vector<Verb> AllVerbs(const Messages& say);

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

/// Does what the arguments after the program's name say. The exit code: 0 done, 1 failed (said on
/// `err`), 2 not understood.
[[nodiscard]] int RunYagura(std::span<const std::string> arguments, Console console,
                            const Clock& clock);

}  // namespace yagura::app
