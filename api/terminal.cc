#include "api/terminal.h"

#include <cstddef>
#include <utility>

namespace yagura::api {
namespace {

/// In a time that doesn't tell how much of it is right.
bool IsSame(std::string_view given, std::string_view key) {
  if (given.size() != key.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(key[i]);
  }
  return difference == 0;
}

}  // namespace

void SetTerminal(Request& request, std::string peer, std::string_view proxy_key) {
  request.terminal = std::move(peer);
  const auto proof = request.headers.Find(kProxyKeyHeader);
  const bool proven = proof && !proxy_key.empty() && IsSame(*proof, proxy_key);
  request.headers.Remove(kProxyKeyHeader);
  if (!proven) return;
  if (const auto told = request.headers.Find("X-Forwarded-For")) request.terminal = *told;
}

}  // namespace yagura::api
