#include "access_control/audit_pg.h"

#include <algorithm>
#include <map>
#include <optional>
#include <pqxx/pqxx>
#include <span>

#include "core/pg/values.h"
#include "core/time.h"

namespace yagura::access_control {
namespace {

constexpr auto kAppend = "SELECT audit_append($1, $2)";
constexpr auto kHeads =
    "SELECT writer, counter, chain FROM audit_writer WHERE counter > 0 ORDER BY writer";
constexpr auto kChainOf = "SELECT chain FROM audit_record WHERE writer = $1 AND counter = $2";
constexpr auto kWritersWithoutHead =
    "SELECT DISTINCT writer FROM audit_record WHERE writer NOT IN (SELECT writer FROM "
    "audit_writer)";
constexpr auto kRecords =
    "SELECT counter, at, event, body, chain FROM audit_record WHERE writer = $1 AND counter > $2 "
    "ORDER BY counter LIMIT 1000";

/// Zeros, which no record has, where it isn't 32 bytes.
Sha256 ChainIn(const pqxx::field& field) {
  const auto bytes = pg::BytesOf(field.c_str());
  Sha256 chain{};
  if (bytes.size() == chain.size()) std::copy(bytes.begin(), bytes.end(), chain.begin());
  return chain;
}

/// Computes anew what storage/schema/0004_sessions_and_audit.sql computes.
Sha256 NextChain(const Sha256& chain, const std::string& writer, const pqxx::row& record) {
  const std::string canonical = "yagura-audit-1\n" + writer + "\n" + record["counter"].c_str() +
                                "\n" + FormatRfc3339(pg::TimeOf(record["at"].c_str())) + "\n" +
                                record["event"].c_str() + "\n" + record["body"].c_str() + "\n";
  std::vector<std::uint8_t> bytes(chain.begin(), chain.end());
  bytes.insert(bytes.end(), canonical.begin(), canonical.end());
  return Sha256Of(bytes);
}

/// What one chain is compared with.
struct Expected {
  AuditHead head;
  std::vector<AuditHead> sealed;  // by counter
};

/// Walks one chain from its first record, as far as it holds.
class Walk {
 public:
  using OnPage = std::function<void(std::int64_t records)>;
  Walk(Expected expected, OnPage on_page)
      : expected_(std::move(expected)), on_page_(std::move(on_page)) {}

  [[nodiscard]] std::optional<AuditFault> Run(pqxx::transaction_base& transaction) {
    for (;;) {
      const pqxx::result records =
          transaction.exec_params(kRecords, expected_.head.writer, counter_);
      if (records.empty()) return FaultAtEnd();
      for (const pqxx::row& record : records) {
        if (auto fault = Step(record)) return fault;
      }
      on_page_(counter_);
    }
  }
  [[nodiscard]] std::int64_t records() const { return counter_; }

 private:
  std::optional<AuditFault> Step(const pqxx::row& record) {
    if (record["counter"].as<std::int64_t>() != counter_ + 1)
      return Fault(AuditFault::Kind::kMissing);
    const Sha256 chain = NextChain(chain_, expected_.head.writer, record);
    if (ChainIn(record["chain"]) != chain) return Fault(AuditFault::Kind::kAltered);
    ++counter_;
    chain_ = chain;
    return CompareSealed();
  }
  std::optional<AuditFault> CompareSealed() {
    for (; next_sealed_ < expected_.sealed.size(); ++next_sealed_) {
      const AuditHead& sealed = expected_.sealed[next_sealed_];
      if (sealed.counter > counter_) break;
      if (sealed.chain != chain_)
        return AuditFault{sealed.writer, counter_, AuditFault::Kind::kNotAsSealed, intact_};
      intact_ = counter_;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<AuditFault> FaultAtEnd() const {
    const bool more_were_sealed = next_sealed_ < expected_.sealed.size();
    if (counter_ < expected_.head.counter || more_were_sealed)
      return Fault(AuditFault::Kind::kCutOff);
    if (counter_ > expected_.head.counter || chain_ != expected_.head.chain)
      return Fault(AuditFault::Kind::kNotItsHead);
    return std::nullopt;
  }
  [[nodiscard]] AuditFault Fault(AuditFault::Kind kind) const {
    return {expected_.head.writer, counter_ + 1, kind, counter_};
  }

  const Expected expected_;
  const OnPage on_page_;
  std::size_t next_sealed_ = 0;
  std::int64_t intact_ = 0;
  std::int64_t counter_ = 0;
  Sha256 chain_{};
};

std::vector<AuditHead> ReadHeads(pqxx::transaction_base& transaction) {
  std::vector<AuditHead> heads;
  for (const pqxx::row& row : transaction.exec(kHeads)) {
    heads.push_back(
        {row["writer"].c_str(), row["counter"].as<std::int64_t>(), ChainIn(row["chain"])});
  }
  return heads;
}

/// By writer: those that have a head, and those that were sealed and should have one.
std::map<std::string, Expected> Expect(std::vector<AuditHead> heads,
                                       std::vector<AuditHead> sealed) {
  std::map<std::string, Expected> expected;
  for (AuditHead& head : heads) expected[head.writer].head = head;
  std::ranges::sort(sealed, {}, &AuditHead::counter);
  for (AuditHead& one : sealed) {
    Expected& of_writer = expected[one.writer];
    of_writer.head.writer = one.writer;
    of_writer.sealed.push_back(std::move(one));
  }
  return expected;
}

std::vector<AuditFault> WithoutHead(pqxx::transaction_base& transaction) {
  std::vector<AuditFault> faults;
  for (const pqxx::row& row : transaction.exec(kWritersWithoutHead))
    faults.push_back({row["writer"].c_str(), 1, AuditFault::Kind::kNoHead, 0});
  return faults;
}

}  // namespace

Result<void> AppendAudit(pqxx::transaction_base& transaction, AuditEvent event, const Json& body) {
  transaction.exec_params1(kAppend, std::string(ToString(event)), body.Dump());
  return {};
}

Result<std::vector<AuditHead>> ReadAuditHeads(pg::Pool& pool) {
  using Heads = std::vector<AuditHead>;
  return pool.ReadFor<Heads>(
      [](pqxx::transaction_base& transaction) -> Result<Heads> { return ReadHeads(transaction); });
}

Result<bool> StillStand(pg::Pool& pool, const std::vector<AuditHead>& heads) {
  return pool.ReadFor<bool>([&](pqxx::transaction_base& transaction) -> Result<bool> {
    return std::ranges::all_of(heads, [&](const AuditHead& head) {
      const pqxx::result rows = transaction.exec_params(kChainOf, head.writer, head.counter);
      return rows.size() == 1 && ChainIn(rows[0][0]) == head.chain;
    });
  });
}

std::string_view ToString(AuditFault::Kind kind) {
  switch (kind) {
    case AuditFault::Kind::kMissing:
      return "missing";
    case AuditFault::Kind::kAltered:
      return "altered";
    case AuditFault::Kind::kCutOff:
      return "cut_off";
    case AuditFault::Kind::kNotItsHead:
      return "not_its_head";
    case AuditFault::Kind::kNoHead:
      return "no_head";
    case AuditFault::Kind::kNotAsSealed:
      return "not_as_sealed";
  }
  return "unknown";
}

Result<AuditCheck> CheckAudit(pg::Pool& pool, const AuditCheckOptions& options) {
  return pool.ReadFor<AuditCheck>([&](pqxx::transaction_base& transaction) -> Result<AuditCheck> {
    AuditCheck check;
    if (options.writer.empty()) check.faults = WithoutHead(transaction);
    for (auto& [writer, expected] : Expect(ReadHeads(transaction), options.sealed)) {
      if (!options.writer.empty() && writer != options.writer) continue;
      Walk walk(std::move(expected),
                [&](std::int64_t records) { options.on_progress(check.records + records); });
      if (auto fault = walk.Run(transaction)) check.faults.push_back(*std::move(fault));
      check.records += walk.records();
      ++check.writers;
    }
    return check;
  });
}

}  // namespace yagura::access_control
