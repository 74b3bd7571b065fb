#include "app/verb.h"

#include <ostream>

namespace yagura::app {
namespace {

constexpr int kConnectionsMax = 1;

std::string Kind(ErrorCode code, const Messages& say) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return say("error.invalid_argument");
    case ErrorCode::kUnauthenticated:
      return say("error.unauthenticated");
    case ErrorCode::kPermissionDenied:
      return say("error.permission_denied");
    case ErrorCode::kNotFound:
      return say("error.not_found");
    case ErrorCode::kAlreadyExists:
      return say("error.already_exists");
    case ErrorCode::kFailedPrecondition:
      return say("error.failed_precondition");
    case ErrorCode::kOutOfRange:
      return say("error.out_of_range");
    case ErrorCode::kResourceExhausted:
      return say("error.resource_exhausted");
    case ErrorCode::kUnavailable:
      return say("error.unavailable");
    case ErrorCode::kDeadlineExceeded:
      return say("error.deadline_exceeded");
    case ErrorCode::kAborted:
      return say("error.aborted");
    case ErrorCode::kDataLoss:
      return say("error.data_loss");
    case ErrorCode::kUnimplemented:
      return say("error.unimplemented");
    case ErrorCode::kInternal:
      return say("error.internal");
  }
  return say("error.internal");
}

}  // namespace

Result<Configuration> VerbContext::LoadConfiguration() const {
  auto loaded = app::LoadConfiguration(given.Get("config"));
  if (loaded.has_value()) return loaded;
  return Failure(Refusal(loaded.error().code(),
                         say("configuration.wrong", {{"problem", loaded.error().message()}}),
                         say("configuration.next", {{"file", given.Get("config")}})));
}

Result<std::unique_ptr<pg::Pool>> VerbContext::OpenDatabase() const {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration());
  return std::make_unique<pg::Pool>(configuration.DatabaseAs("yagura_admin"), kConnectionsMax);
}

void VerbContext::Tell(const std::string& line) const { out << line << "\n"; }

void VerbContext::Note(const std::string& line) const { err << line << "\n"; }

Error Refusal(ErrorCode code, const std::string& problem, const std::string& next) {
  return Error(code, problem).WithPublicMessage(problem + "\n" + next);
}

std::string Present(const Error& error, const Messages& say) {
  const std::string text = error.public_message().empty()
                               ? Kind(error.code(), say) + ": " + error.message()
                               : error.public_message();
  return "yagura: " + text + "\n";
}

CommandOption Required(std::string name, std::string value, std::string help) {
  return {.name = std::move(name),
          .value = std::move(value),
          .help = std::move(help),
          .required = true};
}
CommandOption Optional(std::string name, std::string value, std::string help) {
  return {.name = std::move(name), .value = std::move(value), .help = std::move(help)};
}
CommandOption Operand(std::string name, std::string value, std::string help) {
  CommandOption option = Required(std::move(name), std::move(value), std::move(help));
  option.operand = true;
  return option;
}
CommandOption Flag(std::string name, std::string help) {
  return {.name = std::move(name), .help = std::move(help)};
}

}  // namespace yagura::app
