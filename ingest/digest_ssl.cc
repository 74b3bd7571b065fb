#include "ingest/digest_ssl.h"

#include <openssl/evp.h>

#include <array>

#include "core/check.h"

namespace yagura::ingest {
namespace {

std::string Hex(const EVP_MD* algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

}  // namespace

std::string Md5Hex(std::string_view text) { return Hex(EVP_md5(), text); }
std::string Sha256Hex(std::string_view text) { return Hex(EVP_sha256(), text); }

}  // namespace yagura::ingest
