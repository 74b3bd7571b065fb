#pragma once

#include <cstdint>
#include <string>

#include "core/time.h"
#include "storage/retention_terms.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

/// What a day's statement on retention counts (docs/design/retention.md). Role: yagura_keep. The
/// functions throw libpqxx's exceptions.
namespace yagura::storage {

struct ClipCount {
  std::uint64_t clips = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const ClipCount&, const ClipCount&) = default;
};

/// What is there although it was older than its term.
struct PastTerm {
  ClipCount left;     // nothing keeps it, and nobody has begun to delete it
  ClipCount leaving;  // its deletion was begun: its file or copy may be there
  ClipCount held;     // by a hold in force
};
/// Older at `at` than the longer of the terms that counted then and count `now`: what a longer one
/// has saved since is not too old.
[[nodiscard]] PastTerm ReadPastTerm(pqxx::transaction_base& transaction,
                                    const RetentionTerms& terms, WallTime at, WallTime now);

/// Deletions that were done in a range of time.
struct ProvenDeletions {
  ClipCount by_age;
  ClipCount for_space;
  ClipCount staged;
  /// Of what their proofs say, every column of them: one that is altered, taken out or put in
  /// between changes it.
  std::string sha256_hex;
  friend bool operator==(const ProvenDeletions&, const ProvenDeletions&) = default;
};
[[nodiscard]] ProvenDeletions ReadProven(pqxx::transaction_base& transaction,
                                         const WallRange& deleted);

}  // namespace yagura::storage
