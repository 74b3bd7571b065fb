#include <gmock/gmock.h>

#include "api/media/awaited_source.h"
#include "tests/access_control/gate_office.h"

// What waits for a live stream ends with it, whatever is known of the right to it.
namespace yagura::api {
namespace {

using std::chrono::seconds;
using State = LiveSource::State;

class AwaitedSourceTest : public access_control::GateTest {
 protected:
  AwaitedSourceTest() { open_->Trust(clock_.Monotonic(), WallTime::max()); }

  std::shared_ptr<OpenViewing> open_ =
      std::make_shared<OpenViewing>(caller_, Open(caller_).value(), WallTime::max());
  std::shared_ptr<LivePackage> package_ = std::make_shared<LivePackage>(100);
  std::optional<std::string> answer_;
  AwaitedSource source_{package_, open_, [this] { return answer_; }, clock_};
};

TEST_F(AwaitedSourceTest, WithholdsWhatIsThereWhileTheRightIsNotKnown) {
  EXPECT_EQ(source_.Take().state, State::kWait);
  answer_ = "a part";
  clock_.passed += seconds(2);
  EXPECT_EQ(source_.Take().state, State::kWait);
  open_->Trust(clock_.Monotonic(), WallTime::max());
  EXPECT_EQ(source_.Take().head, "a part");
  EXPECT_EQ(source_.Take().state, State::kEnd);
}

/// Of a package that has ended nobody is told anything more: who waited then would wait for ever.
TEST_F(AwaitedSourceTest, EndsWithTheStreamAlsoWhileTheRightIsNotKnown) {
  clock_.passed += seconds(2);
  package_->End();
  EXPECT_EQ(source_.Take().state, State::kEnd);
}

TEST_F(AwaitedSourceTest, EndsWithTheRight) {
  open_->Cut();
  answer_ = "a part";
  EXPECT_EQ(source_.Take().state, State::kEnd);
}

}  // namespace
}  // namespace yagura::api
