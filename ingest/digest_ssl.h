#pragma once

#include <string>
#include <string_view>

namespace yagura::ingest {

// Digests of RFC 7616 as lower-case hexadecimal text. MD5 is there because most cameras know
// nothing else; it protects nothing of ours.
[[nodiscard]] std::string Md5Hex(std::string_view text);
[[nodiscard]] std::string Sha256Hex(std::string_view text);

}  // namespace yagura::ingest
