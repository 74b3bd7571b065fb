#include "core/pg/pool_pg.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <pqxx/pqxx>
#include <thread>
#include <utility>
#include <vector>

#include "core/check.h"
#include "core/log.h"
#include "core/pg/connection_string.h"
#include "core/pg/socket_deadlines_posix.h"
#include "core/pg/sql_state.h"

#ifdef __SANITIZE_ADDRESS__
// libpqxx 6.4.5 loses the result of the statement during which a connection breaks:
// connection_base::make_result throws, asking for the client encoding, before the result has an
// owner. Some hundred bytes for each connection lost.
extern "C" const char* __lsan_default_suppressions() { return "leak:PQmakeEmptyPGresult\n"; }
#endif

namespace yagura::pg {
namespace {

using Connection = std::unique_ptr<pqxx::connection>;
using ReadTransaction = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

void SwitchOffReactivation(pqxx::connection& connection) {
  // Deprecated in 6.4 because 7 never reconnects behind one's back; that is the behaviour wanted
  // here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

Result<Connection> Connect(const ConnectOptions& options) {
  try {
    auto connection = std::make_unique<pqxx::connection>(ConnectionString(options));
    SwitchOffReactivation(*connection);
    return connection;
  } catch (const std::exception& error) {
    return Failure(ErrorCode::kUnavailable,
                   "no connection to PostgreSQL: " + OneLine(error.what()));
  }
}

/// libpqxx 6.4.5 forgets the SQLSTATE of some errors that it has a type for.
std::string SqlStateOf(const pqxx::sql_error& error) {
  if (!error.sqlstate().empty()) return error.sqlstate();
  if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
  if (dynamic_cast<const pqxx::insufficient_resources*>(&error) != nullptr) return "53000";
  if (dynamic_cast<const pqxx::unique_violation*>(&error) != nullptr) return "23505";
  if (dynamic_cast<const pqxx::integrity_constraint_violation*>(&error) != nullptr) return "23000";
  return {};
}

/// Runs `work` in a transaction. Every exception of libpqxx, and of reading values, ends here.
template <class Transaction>
Result<void> RunOn(pqxx::connection& connection, const Pool::Work& work) {
  try {
    Transaction transaction(connection);
    RETURN_IF_ERROR(work(transaction));
    transaction.commit();
    return {};
  } catch (const pqxx::sql_error& error) {
    if (!connection.is_open()) {
      return Failure(ErrorCode::kUnavailable, "the connection broke: " + OneLine(error.what()));
    }
    return Failure(ErrorOfSqlState(SqlStateOf(error), error.what()));
  } catch (const pqxx::in_doubt_error&) {
    return Failure(ErrorCode::kUnavailable,
                   "the connection broke during a commit: outcome unknown");
  } catch (const pqxx::broken_connection& error) {
    return Failure(ErrorCode::kUnavailable, "the connection broke: " + OneLine(error.what()));
  } catch (const pqxx::transaction_rollback& error) {
    return Failure(ErrorCode::kAborted, OneLine(error.what()));
  } catch (const std::exception& error) {
    const auto code = connection.is_open() ? ErrorCode::kInternal : ErrorCode::kUnavailable;
    return Failure(code, OneLine(error.what()));
  }
}

}  // namespace

class Pool::Impl {
 public:
  Impl(ConnectOptions options, int connections_max)
      : options_(std::move(options)),
        connections_max_(connections_max),
        connector_([this] { ConnectWhereWanted(); }) {
    CHECK(connections_max > 0);
  }
  ~Impl();

  template <class Transaction>
  Result<void> RunIn(const Work& work);

 private:
  Result<Connection> Acquire();
  Connection TakeIdle();
  void GiveBack(Connection connection, bool reusable);
  void ConnectWhereWanted();
  void Keep(Result<Connection> connected);
  [[nodiscard]] bool Wanted() const {
    const int idle = static_cast<int>(idle_.size());
    return wanted_ > idle && idle + busy_ < connections_max_;
  }
  [[nodiscard]] Error NoneInTime() const;
  void PauseAfterSilence();

  const ConnectOptions options_;
  const int connections_max_;
  SocketDeadlines deadlines_;
  std::mutex mutex_;
  std::condition_variable changed_;  // idle_, failures_
  std::condition_variable work_;     // for the connector: wanted_, busy_, stopping_
  std::vector<Connection> idle_;     // guarded by mutex_, like all below
  int busy_ = 0;                     // connections handed out
  int wanted_ = 0;                   // callers that wait and have not been told of a failure
  std::uint64_t failures_ = 0;       // of connecting
  Error last_failure_{ErrorCode::kUnavailable, ""};
  std::chrono::steady_clock::time_point paused_until_{};
  bool stopping_ = false;
  std::thread connector_;
};

Pool::Impl::~Impl() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  connector_.join();
}

template <class Transaction>
Result<void> Pool::Impl::RunIn(const Work& work) {
  ASSIGN_OR_RETURN(Connection connection, Acquire());
  SocketDeadlines::Watch watch(deadlines_, connection->sock(), options_.transaction_timeout);
  Result<void> done = RunOn<Transaction>(*connection, work);
  const bool overdue = watch.End();
  const bool broken = overdue || !connection->is_open() ||
                      (!done.has_value() && done.error().code() == ErrorCode::kUnavailable);
  GiveBack(std::move(connection), !broken);
  if (overdue && !done.has_value()) {
    PauseAfterSilence();
    return Failure(ErrorCode::kDeadlineExceeded,
                   "PostgreSQL gave no answer within " +
                       std::to_string(options_.transaction_timeout.count()) + " ms");
  }
  return done;
}

Result<Connection> Pool::Impl::Acquire() {
  std::unique_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now < paused_until_) {
    return Failure(ErrorCode::kUnavailable, "PostgreSQL gave no answer a moment ago");
  }
  if (Connection connection = TakeIdle()) return connection;
  const std::uint64_t failures_before = failures_;
  const auto deadline = now + options_.connect_timeout;
  bool told = true;
  bool failed = false;
  Connection connection;
  ++wanted_;
  // What is idle may turn out to be broken: then the wait goes on.
  while (told && !failed && !connection) {
    work_.notify_all();
    told = changed_.wait_until(lock, deadline,
                               [&] { return !idle_.empty() || failures_ != failures_before; });
    failed = failures_ != failures_before;
    connection = TakeIdle();
  }
  if (!failed) --wanted_;
  if (connection) return connection;
  if (failed) return Failure(last_failure_);
  if (busy_ < connections_max_) paused_until_ = deadline + options_.silence_pause;
  return Failure(NoneInTime());
}

void Pool::Impl::PauseAfterSilence() {
  const std::scoped_lock lock(mutex_);
  paused_until_ = std::chrono::steady_clock::now() + options_.silence_pause;
}

/// An idle connection that still stands, or none. Those on which the server has said something
/// unasked (that it goes away) are closed.
Connection Pool::Impl::TakeIdle() {
  while (!idle_.empty()) {
    Connection connection = std::move(idle_.back());
    idle_.pop_back();
    if (HasUnexpectedInput(connection->sock())) continue;
    ++busy_;
    return connection;
  }
  return nullptr;
}

Error Pool::Impl::NoneInTime() const {
  const std::string limit = std::to_string(options_.connect_timeout.count()) + " ms";
  if (busy_ >= connections_max_) {
    return Error(ErrorCode::kDeadlineExceeded, "no connection was free within " + limit);
  }
  return Error(ErrorCode::kUnavailable, "PostgreSQL took no connection within " + limit);
}

void Pool::Impl::GiveBack(Connection connection, bool reusable) {
  if (!reusable) connection.reset();
  const std::scoped_lock lock(mutex_);
  --busy_;
  if (connection) idle_.push_back(std::move(connection));
  work_.notify_all();
  changed_.notify_all();
}

void Pool::Impl::ConnectWhereWanted() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || Wanted(); });
    if (stopping_) return;
    lock.unlock();
    auto connected = Connect(options_);
    lock.lock();
    Keep(std::move(connected));
  }
}

void Pool::Impl::Keep(Result<Connection> connected) {
  if (connected.has_value()) {
    idle_.push_back(*std::move(connected));
  } else {
    ++failures_;
    wanted_ = 0;  // all who wait are told
    last_failure_ = std::move(connected).error();
    log::Debug("no connection to the database", {{"error", last_failure_}});
  }
  changed_.notify_all();
}

Pool::Pool(ConnectOptions options, int connections_max)
    : impl_(std::make_unique<Impl>(std::move(options), connections_max)) {}

Pool::~Pool() = default;

Result<void> Pool::Run(const Work& work) { return impl_->RunIn<pqxx::work>(work); }

Result<void> Pool::RunAlone(const Work& work) { return impl_->RunIn<pqxx::nontransaction>(work); }

Result<void> Pool::Read(const Work& work) { return impl_->RunIn<ReadTransaction>(work); }

}  // namespace yagura::pg
