#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "app/configuration.h"
#include "app/messages.h"
#include "core/command_line.h"
#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "core/time.h"

namespace yagura::app {

/// What a verb has to work with. Refers to what main owns; one thread.
struct VerbContext {
  const Arguments& given;
  const Messages& say;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;

  /// The file named by --config.
  [[nodiscard]] Result<Configuration> LoadConfiguration() const;
  /// PostgreSQL as the operator at the console (yagura_admin).
  [[nodiscard]] Result<std::unique_ptr<pg::Pool>> OpenDatabase() const;
  /// Prints one line.
  void Tell(const std::string& line) const;
  /// One line beside what is printed, which may go to a file.
  void Note(const std::string& line) const;
};

/// One thing that `yagura` can be told to do. Gives the exit code (0: done), or what went wrong.
struct Verb {
  Command command;
  std::function<Result<int>(VerbContext&)> run;
};

/// An error whose text is for the person at the console: what is wrong, and what to do next.
[[nodiscard]] Error Refusal(ErrorCode code, const std::string& problem, const std::string& next);

/// How an error looks to the person at the console; ends with a line break.
[[nodiscard]] std::string Present(const Error& error, const Messages& say);

/// The system user at the console, for audit records.
[[nodiscard]] std::string Actor();

// Options that many verbs share.
[[nodiscard]] CommandOption Required(std::string name, std::string value, std::string help);
[[nodiscard]] CommandOption Optional(std::string name, std::string value, std::string help);
/// A required value without a name of its own on the line, as in `yagura office import DIR`.
[[nodiscard]] CommandOption Operand(std::string name, std::string value, std::string help);
[[nodiscard]] CommandOption Flag(std::string name, std::string help);

}  // namespace yagura::app
