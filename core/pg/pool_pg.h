#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"

namespace pqxx {
class transaction_base;
}  // namespace pqxx

namespace yagura::pg {

/// Where and as whom to connect. The password, if any, comes from libpq's own password file, never
/// from here.
struct ConnectOptions {
  std::string host;  // socket directory or host name
  int port = 5432;
  std::string database = "yagura";
  std::string role;
  std::chrono::milliseconds connect_timeout{
      2000};  // how long a caller waits for a connection, a new or a free one
  std::chrono::milliseconds statement_timeout{2000};
  std::chrono::milliseconds lock_timeout{1000};
  /// The whole of a transaction, measured here: bounds also a server that answers nothing any more
  /// (frozen, unplugged).
  std::chrono::milliseconds transaction_timeout{5000};
  /// After the server gave no answer in time, callers are refused at once for so long.
  std::chrono::milliseconds silence_pause{0};
};

/// A few connections shared by threads; each transaction has one to itself. They are made when
/// first needed, by a thread of the pool, so that a caller never waits longer than
/// `connect_timeout`. A connection on which anything but an error of the statement happened is
/// closed, never re-used; one that broke while idle is noticed before it is handed out. Sessions
/// speak UTC and ISO dates. Thread-safe. The destructor waits for an attempt to connect that is
/// under way, and all transactions must have ended.
class Pool {
 public:
  Pool(ConnectOptions options, int connections_max);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  using Work = std::function<Result<void>(pqxx::transaction_base&)>;

  /// Runs `work` in one transaction and commits it where work succeeds. Exceptions of libpqxx end
  /// here. kUnavailable: no connection, or it broke (the outcome of the commit may be unknown: make
  /// writes idempotent); kDeadlineExceeded: a timeout, or no connection was free in time; kAborted:
  /// serialization or deadlock, try again; kAlreadyExists: unique violation; kFailedPrecondition:
  /// another constraint; kPermissionDenied: the role may not; others: core/pg/sql_state.cc. `work`
  /// runs once, on the calling thread.
  [[nodiscard]] Result<void> Run(const Work& work);
  /// The same, read only; all statements of `work` see one state of the database (REPEATABLE READ).
  [[nodiscard]] Result<void> Read(const Work& work);

  /// The same for a single statement, which is a transaction of its own: one way to the server and
  /// back instead of three.
  [[nodiscard]] Result<void> RunAlone(const Work& work);

  /// The same, for a result: `R` is what `work` gives.
  template <class R>
  [[nodiscard]] Result<R> RunFor(const std::function<Result<R>(pqxx::transaction_base&)>& work) {
    return Collect<R>(work, &Pool::Run);
  }
  template <class R>
  [[nodiscard]] Result<R> ReadFor(const std::function<Result<R>(pqxx::transaction_base&)>& work) {
    return Collect<R>(work, &Pool::Read);
  }
  template <class R>
  [[nodiscard]] Result<R> RunAloneFor(
      const std::function<Result<R>(pqxx::transaction_base&)>& work) {
    return Collect<R>(work, &Pool::RunAlone);
  }

 private:
  template <class R>
  [[nodiscard]] Result<R> Collect(const std::function<Result<R>(pqxx::transaction_base&)>& work,
                                  Result<void> (Pool::*run)(const Work&)) {
    Result<R> outcome = Failure(ErrorCode::kInternal, "the transaction did not run");
    auto done = (this->*run)([&](pqxx::transaction_base& transaction) -> Result<void> {
      outcome = work(transaction);
      if (!outcome.has_value()) return Failure(outcome.error());
      return {};
    });
    if (!done.has_value()) return Failure(std::move(done).error());
    return outcome;
  }

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::pg
