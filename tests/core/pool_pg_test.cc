#include "core/pg/pool_pg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <pqxx/pqxx>
#include <thread>
#include <vector>

#include "tests/support/postgres_posix.h"

namespace yagura::pg {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

class PoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = testing::PostgresCluster::Create();
    ASSERT_TRUE(made.has_value()) << ToString(made.error());
    cluster_ = *std::move(made);
    ASSERT_TRUE(cluster_->Execute("CREATE TABLE kept (x int PRIMARY KEY CHECK (x < 1000))"));
  }
  /// With long time limits: a busy machine fails no test.
  [[nodiscard]] ConnectOptions Options() const {
    ConnectOptions options = cluster_->ConnectAs("postgres");
    options.connect_timeout = options.statement_timeout = options.lock_timeout = seconds(30);
    options.transaction_timeout = seconds(60);
    return options;
  }

  std::unique_ptr<testing::PostgresCluster> cluster_;
};

Pool::Work Statement(const std::string& sql) {
  return [sql](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec(sql);
    return {};
  };
}

Result<int> CountKept(Pool& pool) {
  return pool.ReadFor<int>([](pqxx::transaction_base& transaction) -> Result<int> {
    return transaction.exec1("SELECT count(*) FROM kept")[0].as<int>();
  });
}

/// For pools with short time limits: waits until it has a connection.
void AwaitConnection(Pool& pool) {
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (!CountKept(pool) && std::chrono::steady_clock::now() < deadline) {
  }
}

ErrorCode CodeOf(const Result<void>& done) {
  EXPECT_FALSE(done.has_value());
  return done.has_value() ? ErrorCode::kUnimplemented : done.error().code();
}

TEST_F(PoolTest, CommitsWhereTheWorkSucceedsOnly) {
  Pool pool(Options(), 2);
  EXPECT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (1)")));
  const auto refused = pool.Run([](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec("INSERT INTO kept VALUES (2)");
    return Failure(ErrorCode::kOutOfRange, "not this one");
  });
  EXPECT_EQ(CodeOf(refused), ErrorCode::kOutOfRange);
  EXPECT_EQ(CountKept(pool), 1);
}

TEST_F(PoolTest, CommitsASingleStatementByItself) {
  Pool pool(Options(), 1);
  EXPECT_TRUE(pool.RunAlone(Statement("INSERT INTO kept VALUES (1)")));
  EXPECT_EQ(CountKept(pool), 1);
  EXPECT_EQ(CodeOf(pool.RunAlone(Statement("INSERT INTO kept VALUES (1)"))),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(pool.RunAlone(Statement("SELECT pg_terminate_backend(pg_backend_pid())"))),
            ErrorCode::kUnavailable);
  EXPECT_EQ(CountKept(pool), 1);
}

TEST_F(PoolTest, TellsWhyAStatementFailed) {
  Pool pool(Options(), 1);
  ASSERT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (1)")));
  EXPECT_EQ(CodeOf(pool.Run(Statement("INSERT INTO kept VALUES (1)"))), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(pool.Run(Statement("INSERT INTO kept VALUES (5000)"))),
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT 'x'::int"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT no_such"))), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf(pool.Read(Statement("INSERT INTO kept VALUES (3)"))), ErrorCode::kInternal);
  Pool api(cluster_->ConnectAs("yagura_api"), 1);
  EXPECT_EQ(CodeOf(api.Run(Statement("SELECT * FROM kept"))), ErrorCode::kPermissionDenied);
}

TEST_F(PoolTest, KeepsRowsOutOfItsMessages) {
  Pool pool(Options(), 1);
  const auto clash = pool.Run(Statement("INSERT INTO kept VALUES (77), (77)"));
  ASSERT_FALSE(clash.has_value());
  EXPECT_THAT(clash.error().message(), HasSubstr("kept_pkey"));
  EXPECT_THAT(clash.error().message(), Not(HasSubstr("77")));
  const auto wrong = pool.Run(Statement("SELECT 'my password'::int"));
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong.error().message(), Not(HasSubstr("my password")));
}

TEST_F(PoolTest, SpeaksUtc) {
  Pool pool(Options(), 1);
  const auto text = pool.ReadFor<std::string>([](pqxx::transaction_base& transaction) {
    return Result<std::string>(
        transaction.exec1("SELECT timestamptz '2027-06-15 14:03:22+09'")[0].as<std::string>());
  });
  EXPECT_EQ(text, "2027-06-15 05:03:22+00");
}

TEST_F(PoolTest, GoesOnAfterTheServerWasRestarted) {
  Pool pool(Options(), 1);
  ASSERT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (1)")));
  ASSERT_TRUE(cluster_->Stop());
  EXPECT_EQ(CodeOf(pool.Run(Statement("INSERT INTO kept VALUES (2)"))), ErrorCode::kUnavailable);
  ASSERT_TRUE(cluster_->Start());
  EXPECT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (3)")));
  EXPECT_EQ(CountKept(pool), 2);
}

TEST_F(PoolTest, NoticesAnIdleConnectionThatBroke) {
  Pool pool(Options(), 1);
  ASSERT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (1)")));
  ASSERT_TRUE(cluster_->Stop());
  ASSERT_TRUE(cluster_->Start());
  EXPECT_TRUE(pool.Run(Statement("INSERT INTO kept VALUES (2)")));
}

TEST_F(PoolTest, DropsAConnectionThatBrokeInsideATransaction) {
  Pool pool(Options(), 1);
  EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT pg_terminate_backend(pg_backend_pid())"))),
            ErrorCode::kUnavailable);
  EXPECT_EQ(CountKept(pool), 0);
}

TEST_F(PoolTest, BoundsAStatement) {
  ConnectOptions options = Options();
  options.statement_timeout = milliseconds(50);
  Pool pool(options, 1);
  EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT pg_sleep(60)"))), ErrorCode::kDeadlineExceeded);
}

TEST_F(PoolTest, BoundsTheWaitForALock) {
  ConnectOptions options = Options();
  options.lock_timeout = milliseconds(50);
  Pool pool(options, 2);
  const auto done = pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
    transaction.exec("LOCK TABLE kept");
    return pool.Run(Statement("INSERT INTO kept VALUES (1)"));
  });
  EXPECT_EQ(CodeOf(done), ErrorCode::kDeadlineExceeded);
}

TEST_F(PoolTest, BoundsTheWaitForAFreeConnection) {
  ConnectOptions options = Options();
  options.connect_timeout = milliseconds(50);
  Pool pool(options, 1);
  AwaitConnection(pool);
  const auto done = pool.Run(
      [&](pqxx::transaction_base&) { return pool.Run(Statement("INSERT INTO kept VALUES (1)")); });
  EXPECT_EQ(CodeOf(done), ErrorCode::kDeadlineExceeded);
}

/// The server as a network without answers: every one of its processes stands.
class Frozen {
 public:
  explicit Frozen(std::vector<int> pids) : pids_(std::move(pids)) {
    for (const int pid : pids_) ::kill(pid, SIGSTOP);
  }
  ~Frozen() {
    for (const int pid : pids_) ::kill(pid, SIGCONT);
  }

 private:
  std::vector<int> pids_;
};

TEST_F(PoolTest, BoundsAServerThatAnswersNothingAnyMore) {
  ConnectOptions options = Options();
  options.connect_timeout = milliseconds(300);
  options.transaction_timeout = milliseconds(300);
  Pool pool(options, 1);
  AwaitConnection(pool);
  const auto backend = pool.ReadFor<int>([](pqxx::transaction_base& transaction) {
    return Result<int>(transaction.exec1("SELECT pg_backend_pid()")[0].as<int>());
  });
  ASSERT_TRUE(backend.has_value());
  const auto begin = std::chrono::steady_clock::now();
  {
    const Frozen frozen({cluster_->server_pid(), *backend});
    EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT 1"))), ErrorCode::kDeadlineExceeded);
    EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT 1"))), ErrorCode::kUnavailable);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));  // promised 0.6 s
  }
  AwaitConnection(pool);
  EXPECT_EQ(CountKept(pool), 0);
}

TEST_F(PoolTest, RefusesAtOnceForAWhileAfterSilence) {
  ConnectOptions options = Options();
  options.connect_timeout = milliseconds(300);
  options.transaction_timeout = milliseconds(300);
  options.silence_pause = seconds(30);
  Pool pool(options, 1);
  AwaitConnection(pool);
  const auto backend = pool.ReadFor<int>([](pqxx::transaction_base& transaction) {
    return Result<int>(transaction.exec1("SELECT pg_backend_pid()")[0].as<int>());
  });
  ASSERT_TRUE(backend.has_value());
  const Frozen frozen({cluster_->server_pid(), *backend});
  EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT 1"))), ErrorCode::kDeadlineExceeded);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(CodeOf(pool.Run(Statement("SELECT 1"))), ErrorCode::kUnavailable);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));  // else 200 times 0.3 s
}

TEST_F(PoolTest, ServesManyThreadsWithFewConnections) {
  Pool pool(Options(), 2);
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 20; ++i) {
        const int x = thread * 20 + i;
        if (!pool.Run(Statement("INSERT INTO kept VALUES (" + std::to_string(x) + ")"))) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(CountKept(pool), 160);
}

}  // namespace
}  // namespace yagura::pg
