#include <gmock/gmock.h>

#include "api/media/viewings.h"
#include "tests/access_control/gate_office.h"

// How many viewings may be open, and which one gives way.
namespace yagura::api {
namespace {

using access_control::Caller;

class ViewingsTest : public access_control::GateTest {
 protected:
  using Shared = std::shared_ptr<OpenViewing>;
  ViewingsTest() {
    store_.Store(office_.set(), {clip_});
    caller_ = store_.StartSession(head_);
  }
  /// One more viewing of `caller`; nothing where there is no place for it.
  Shared Add(const Caller& caller) {
    auto viewing = Open(caller);
    EXPECT_TRUE(viewing.has_value());
    auto added = viewings_.Add(std::make_shared<OpenViewing>(
        caller, *std::move(viewing),
        std::vector<access_control::Footage>{{camera_, welfare_, minute_}}, std::nullopt));
    if (added.has_value()) return *added;
    EXPECT_EQ(added.error().code(), ErrorCode::kResourceExhausted);
    return nullptr;
  }
  static bool IsOver(const std::weak_ptr<OpenViewing>& viewing) {
    const auto open = viewing.lock();
    return open == nullptr || open->is_cut();
  }

  const PersonId deputy_ = office_.AddHolder(access_control::Post::kDepartmentHead, welfare_);
  Viewings viewings_{gate_, clock_, Viewings::Times(), {.all = 7, .of_person = 5, .of_session = 3}};
};

TEST_F(ViewingsTest, InASessionThatHasAllItMayHaveTheOldestUnusedOneGivesWay) {
  const Shared in_use = Add(caller_);
  std::vector<std::weak_ptr<OpenViewing>> unused;
  for (int i = 0; i < 3; ++i) {
    unused.push_back(Add(caller_));
    ASSERT_FALSE(unused.back().expired());
  }
  EXPECT_FALSE(in_use->is_cut());
  EXPECT_TRUE(IsOver(unused[0]));
  EXPECT_FALSE(IsOver(unused[1]));
  EXPECT_FALSE(IsOver(unused[2]));
}

TEST_F(ViewingsTest, FromAnotherTerminalItIsAnotherViewing) {
  const Shared open = Add(caller_);
  const auto find = [&](const Caller& caller) {
    return viewings_.FindAny(caller, access_control::Action::kFootagePlay, camera_);
  };
  EXPECT_EQ(find(caller_), open);
  Caller elsewhere = caller_;
  elsewhere.terminal = "terminal-2";
  EXPECT_EQ(find(elsewhere), nullptr);
}

TEST_F(ViewingsTest, NoneInUseGivesWayAndAnotherSessionIsNotKeptOut) {
  const std::vector<Shared> in_use{Add(caller_), Add(caller_), Add(caller_)};
  EXPECT_EQ(Add(caller_), nullptr);
  for (const Shared& one : in_use) EXPECT_FALSE(one->is_cut());
  EXPECT_NE(Add(store_.StartSession(head_)), nullptr);
}

TEST_F(ViewingsTest, APersonWithManySessionsLeavesPlacesToOthers) {
  std::vector<Shared> in_use;
  for (int i = 0; i < 5; ++i) in_use.push_back(Add(store_.StartSession(head_)));
  EXPECT_EQ(Add(store_.StartSession(head_)), nullptr);
  EXPECT_NE(Add(store_.StartSession(deputy_)), nullptr);
}

}  // namespace
}  // namespace yagura::api
