#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulate/sender_report.h"

namespace yagura::simulate {

/// An interleaved packet on a channel that nobody set up.
[[nodiscard]] std::string StrayPacket();

/// The report, and a BYE, of a source that sends no packets and has another clock.
[[nodiscard]] std::vector<std::uint8_t> ForeignReports(SenderReport report);

/// What a server may ask its client (RFC 2326, 10.1, 10.3, 10.8); `number` is the CSeq of the
/// first.
[[nodiscard]] std::string RequestsToClient(const std::string& url, std::uint64_t number);

}  // namespace yagura::simulate
