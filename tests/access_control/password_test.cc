#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "access_control/audit.h"
#include "access_control/password_queue.h"
#include "access_control/password_sodium.h"

namespace yagura::access_control {
namespace {

std::string ChallengeOf(const std::string& hash) { return hash.substr(0, hash.rfind('$')); }

TEST(PasswordTest, TheRightPasswordGivesTheStoredHashAgain) {
  for (const PasswordCost cost : {PasswordCost::kLeast, PasswordCost::kSignIn}) {
    const std::string hash = HashPassword("correct horse", cost).value();
    EXPECT_EQ(AnswerChallenge(ChallengeOf(hash), "correct horse").value(), hash);
    EXPECT_NE(AnswerChallenge(ChallengeOf(hash), "correct hors3").value(), hash);
  }
}

TEST(PasswordTest, EveryHashHasASaltOfItsOwn) {
  EXPECT_NE(HashPassword("correct horse", PasswordCost::kLeast).value(),
            HashPassword("correct horse", PasswordCost::kLeast).value());
}

TEST(PasswordTest, LengthsOutOfBoundsAreRefused) {
  EXPECT_EQ(HashPassword("short12", PasswordCost::kLeast).error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(HashPassword(std::string(1025, 'x'), PasswordCost::kLeast).error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(HashPassword(std::string(1024, 'x'), PasswordCost::kLeast).has_value());
}

TEST(PasswordTest, AChallengeThatIsNoneOrTooDearIsRefused) {
  for (const std::string challenge :
       {"", "$argon2id$v=19$m=65536,t=2,p=1$", "$argon2id$v=19$m=65536,t=2,p=1$AAAA",
        "$argon2i$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=1048576,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=11,p=1$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$tail"}) {
    EXPECT_EQ(AnswerChallenge(challenge, "correct horse").error().code(), ErrorCode::kDataLoss)
        << challenge;
  }
}

TEST(PasswordTest, TokensAreLongAndNeverTwice) {
  EXPECT_EQ(NewToken().size(), 43U);
  EXPECT_NE(NewToken(), NewToken());
}

TEST(PasswordQueueTest, AtMostSoManyRunAtOnce) {
  PasswordQueue queue({2, 100, std::chrono::seconds(20)});
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const auto place = queue.Enter();
        ASSERT_TRUE(place.has_value());
        const int now = ++running;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --running;
      });
    }
  }
  EXPECT_LE(most, 2);
}

TEST(PasswordQueueTest, TurnsAwayWhoWouldWaitTooLongOrBehindTooMany) {
  PasswordQueue impatient({1, 5, std::chrono::milliseconds(1)});
  const auto running = impatient.Enter();
  EXPECT_EQ(impatient.Enter().error().code(), ErrorCode::kResourceExhausted);

  PasswordQueue full({1, 0, std::chrono::hours(1)});
  const auto one = full.Enter();
  EXPECT_EQ(full.Enter().error().code(), ErrorCode::kResourceExhausted);
}

TEST(PasswordQueueTest, WhoIsKnownGoesBeforeStrangers) {
  using Lane = PasswordQueue::Lane;
  PasswordQueue queue({1, 3, std::chrono::hours(1)});
  std::mutex mutex;
  std::string order;
  std::vector<std::jthread> threads;
  const auto wait_in = [&](Lane lane, char name) {
    threads.emplace_back([&, lane, name] {
      const auto place = queue.Enter(lane);
      const std::scoped_lock lock(mutex);
      order += name;
    });
  };
  {
    const auto running = queue.Enter();
    for (int i = 0; i < 3; ++i) wait_in(Lane::kStrangers, 's');
    while (queue.Waiting(Lane::kStrangers) < 3) std::this_thread::yield();
    EXPECT_EQ(queue.Enter().error().code(), ErrorCode::kResourceExhausted);
    wait_in(Lane::kKnown, 'k');
    while (queue.Waiting(Lane::kKnown) < 1) std::this_thread::yield();
  }
  threads.clear();
  EXPECT_EQ(order, "ksss");
}

TEST(PasswordQueueTest, APlaceIsFreeAgainWhenItEnds) {
  PasswordQueue queue({1, 0, std::chrono::hours(1)});
  { const auto place = queue.Enter(); }
  EXPECT_TRUE(queue.Enter().has_value());
}

TEST(AuditEventTest, EveryEventHasANameOfItsOwn) {
  for (const AuditEvent event : kAllAuditEvents) EXPECT_EQ(ParseAuditEvent(ToString(event)), event);
  EXPECT_EQ(ParseAuditEvent("unknown"), std::nullopt);
}

}  // namespace
}  // namespace yagura::access_control
