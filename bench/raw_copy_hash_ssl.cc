#include "bench/raw_copy_hash_ssl.h"

#include <openssl/evp.h>

#include <cstdlib>

struct RawCopyHash::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

RawCopyHash::RawCopyHash() : state_(std::make_unique<State>()) {
  if (EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) std::abort();
}
RawCopyHash::~RawCopyHash() = default;
RawCopyHash::RawCopyHash(RawCopyHash&&) noexcept = default;
RawCopyHash& RawCopyHash::operator=(RawCopyHash&&) noexcept = default;

void RawCopyHash::Update(const char* bytes, std::size_t size_bytes) {
  if (EVP_DigestUpdate(state_->context, bytes, size_bytes) != 1) std::abort();
}
