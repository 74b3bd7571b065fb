#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ingest/pull_message.h"

namespace yagura::ingest {

/// The camera's URL as rtspsrc is to have it: its scheme says what is spoken over what.
[[nodiscard]] std::string OrderedLocation(const PullOrder& order);

/// Where a pull worker may go, and what it must have seen before it says anything there: its
/// camera's own host alone, and where TLS was ordered, never out of it and to one certificate
/// alone. Each answer is a failure that ends the session, or nothing. Pure; one thread.
class PullBounds {
 public:
  explicit PullBounds(const PullOrder& order);

  /// Before a connection is made to `location`, a URL as rtspsrc has it.
  [[nodiscard]] std::optional<PullFailure> WhyNotConnect(std::string_view location) const;
  /// Before a request goes there, on a connection that stands.
  [[nodiscard]] std::optional<PullFailure> WhyNotAsk(std::string_view location) const;
  /// Within a TLS handshake: the certificate that is shown there, as IsFingerprint() has it.
  [[nodiscard]] std::optional<PullFailure> WhyNotTrust(std::string_view fingerprint);

  /// The camera's address.
  [[nodiscard]] const std::string& host() const { return host_; }
  /// Whether one was trusted; a further connection of the session must show the same.
  [[nodiscard]] bool certificate_seen() const { return certificate_seen_; }

 private:
  const std::string host_;
  const bool over_tls_;
  std::string certificate_;  // ordered, else the first one shown; empty: any
  bool certificate_seen_ = false;
};

}  // namespace yagura::ingest
