#include "access_control/audit_pg.h"

#include <optional>
#include <pqxx/pqxx>
#include <span>

#include "access_control/sha256_sodium.h"
#include "core/pg/values.h"
#include "core/time.h"

namespace yagura::access_control {
namespace {

constexpr auto kAppend = "SELECT audit_append($1, $2)";
constexpr auto kHeads = "SELECT writer, counter, chain FROM audit_writer ORDER BY writer";
constexpr auto kWritersWithoutHead =
    "SELECT DISTINCT writer FROM audit_record WHERE writer NOT IN (SELECT writer FROM "
    "audit_writer)";
constexpr auto kRecords =
    "SELECT counter, at, event, body, chain FROM audit_record WHERE writer = $1 AND counter > $2 "
    "ORDER BY counter LIMIT 1000";

using Bytes = std::vector<std::uint8_t>;

struct Head {
  std::string writer;
  std::int64_t counter = 0;
  Bytes chain;
};

/// Computes anew what storage/schema/0004_sessions_and_audit.sql computes.
Bytes NextChain(const Bytes& chain, const std::string& writer, const pqxx::row& record) {
  const std::string canonical = "yagura-audit-1\n" + writer + "\n" + record["counter"].c_str() +
                                "\n" + FormatRfc3339(pg::TimeOf(record["at"].c_str())) + "\n" +
                                record["event"].c_str() + "\n" + record["body"].c_str() + "\n";
  Bytes bytes = chain;
  bytes.insert(bytes.end(), canonical.begin(), canonical.end());
  const Sha256 hash = Sha256Of(bytes);
  return {hash.begin(), hash.end()};
}

/// Walks one chain from its first record, as far as it holds.
class Walk {
 public:
  explicit Walk(Head head) : head_(std::move(head)) {}

  [[nodiscard]] std::optional<AuditFault> Run(pqxx::transaction_base& transaction) {
    for (;;) {
      const pqxx::result records = transaction.exec_params(kRecords, head_.writer, counter_);
      if (records.empty()) return FaultAtEnd();
      for (const pqxx::row& record : records) {
        if (auto fault = Step(record)) return fault;
      }
    }
  }
  [[nodiscard]] std::int64_t records() const { return counter_; }

 private:
  std::optional<AuditFault> Step(const pqxx::row& record) {
    if (record["counter"].as<std::int64_t>() != counter_ + 1) return Fault("missing");
    const Bytes expected = NextChain(chain_, head_.writer, record);
    if (pg::BytesOf(record["chain"].c_str()) != expected)
      return Fault("altered, or follows an altered one");
    ++counter_;
    chain_ = expected;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<AuditFault> FaultAtEnd() const {
    if (counter_ < head_.counter) return Fault("missing at the end");
    if (counter_ > head_.counter || chain_ != head_.chain)
      return Fault("not what the writer's head says");
    return std::nullopt;
  }
  [[nodiscard]] AuditFault Fault(std::string what) const {
    return {head_.writer, counter_ + 1, std::move(what)};
  }

  Head head_;
  std::int64_t counter_ = 0;
  Bytes chain_ = Bytes(std::tuple_size_v<Sha256>, 0);
};

std::vector<Head> ReadHeads(pqxx::transaction_base& transaction) {
  std::vector<Head> heads;
  for (const pqxx::row& row : transaction.exec(kHeads)) {
    heads.push_back({row["writer"].c_str(), row["counter"].as<std::int64_t>(),
                     pg::BytesOf(row["chain"].c_str())});
  }
  return heads;
}

}  // namespace

Result<void> AppendAudit(pqxx::transaction_base& transaction, AuditEvent event, const Json& body) {
  transaction.exec_params1(kAppend, std::string(ToString(event)), body.Dump());
  return {};
}

Result<AuditCheck> CheckAudit(pg::Pool& pool) {
  return pool.ReadFor<AuditCheck>([](pqxx::transaction_base& transaction) -> Result<AuditCheck> {
    AuditCheck check;
    for (const pqxx::row& row : transaction.exec(kWritersWithoutHead)) {
      check.faults.push_back({row["writer"].c_str(), 1, "records of a writer that never wrote"});
    }
    for (Head& head : ReadHeads(transaction)) {
      Walk walk(std::move(head));
      if (auto fault = walk.Run(transaction)) check.faults.push_back(*std::move(fault));
      check.records += walk.records();
    }
    return check;
  });
}

}  // namespace yagura::access_control
