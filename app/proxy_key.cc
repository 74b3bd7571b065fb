#include "app/proxy_key.h"

#include "core/log.h"
#include "fleet/private_file_posix.h"

namespace yagura::app {
namespace {

constexpr std::size_t kHexDigits = 64;

bool IsKey(std::string_view text) {
  return text.size() == kHexDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<std::string> ReadProxyKey(const VerbContext& context, const Configuration& configuration) {
  if (configuration.proxy_key.empty()) {
    log::Warning("without [web] proxy_key every terminal is the address of the proxy in front");
    return std::string();
  }
  const auto bytes = fleet::ReadPrivateFile(configuration.proxy_key);
  std::string key = bytes.has_value() ? std::string(bytes->begin(), bytes->end()) : std::string();
  if (key.ends_with('\n')) key.pop_back();
  if (IsKey(key)) return key;
  const std::string file = configuration.proxy_key.string();
  return Failure(Refusal(ErrorCode::kFailedPrecondition,
                         context.say("proxy_key.wrong", {{"file", file}}),
                         context.say("proxy_key.next")));
}

}  // namespace yagura::app
