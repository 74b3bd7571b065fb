#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/access_world.h"

// What stands in lists, by whom they are asked for.
namespace yagura::api {
namespace {

using ::testing::ElementsAre;

TEST_F(AccessTest, ListsShowWhatIsInCharge) {
  const std::string head0 = TokenOf(office().head(0));
  const std::string head1 = TokenOf(office().head(1));
  const std::string moved = ToString(world_->moved);
  EXPECT_THAT(IdsIn("/v1/cameras", head0), ElementsAre(ToString(world_->cameras[0])));
  EXPECT_THAT(IdsIn("/v1/cameras", head1),
              ::testing::UnorderedElementsAre(ToString(world_->cameras[1]), moved));
  EXPECT_EQ(IdsIn("/v1/cameras", TokenOf(office().crisis_desk())).size(), 4U);
  EXPECT_THAT(IdsIn("/v1/cameras" + Span(At(0), At(10)), head0),
              ::testing::UnorderedElementsAre(ToString(world_->cameras[0]), moved));
  EXPECT_THAT(IdsIn("/v1/cameras?floor=" + ToString(office().floor(1)), head1),
              ElementsAre(ToString(world_->cameras[1])));
  EXPECT_EQ(
      IdsIn("/v1/cameras?department=" + ToString(office().unit(1)) + "&state=in_service", head1)
          .size(),
      2U);
  EXPECT_TRUE(IdsIn("/v1/cameras?state=retired", head1).empty());
  EXPECT_EQ(served().Ask("/v1/cameras?state=nonsense", head1).status, 400);
  EXPECT_THAT(IdsIn("/v1/cameras?q=" + moved.substr(0, 8), head1), ElementsAre(moved))
      << "codes of the test office are its ids";
  EXPECT_EQ(served()
                .Ask("/v1/cameras?floor=" + ToString(office().floor(1)) +
                         "&department=" + ToString(office().unit(0)),
                     head1)
                .status,
            404)
      << "a foreign id behind one's own";
}

TEST_F(AccessTest, PagesJoinToTheWholeList) {
  const std::string token = TokenOf(office().crisis_desk());
  for (const std::string& list :
       {std::string("/v1/cameras?"),
        "/v1/clips" + Span(At(0), At(200)) + "&floor=" + ToString(office().floor(0)) + "&"}) {
    const auto whole = IdsIn(list + "limit=1000", token);
    EXPECT_GT(whole.size(), 3U);
    std::vector<std::string> joined;
    std::string cursor;
    for (;;) {
      const Json page = Get(list + "limit=2" + cursor, token);
      for (const Json& item : page.Get("items").items())
        joined.push_back(*item.Get("id").AsString());
      if (page.Get("next_cursor").is_null()) break;
      cursor = "&cursor=" + *page.Get("next_cursor").AsString();
    }
    EXPECT_EQ(joined, whole);
  }
  EXPECT_EQ(served().Ask("/v1/cameras?limit=1001", token).status, 400);
  EXPECT_EQ(served().Ask("/v1/cameras?limit=0", token).status, 400);
  EXPECT_EQ(served()
                .Ask("/v1/clips" + Span(At(0), At(9)) + "&camera=" + ToString(world_->cameras[0]) +
                         "&cursor=x",
                     token)
                .status,
            400);
}

TEST_F(AccessTest, ClipsOverlapTheRangeAndAreOfTheirFloor) {
  const std::string token = TokenOf(office().head(0));
  const Json clips =
      Get("/v1/clips" + Span(At(20), At(21)) + "&camera=" + ToString(world_->cameras[0]), token)
          .Get("items");
  ASSERT_EQ(clips.size(), 1U);
  const Json clip = clips.items().front();
  EXPECT_EQ(clip.Get("camera_id").AsString(), ToString(world_->cameras[0]));
  EXPECT_EQ(clip.Get("floor_id").AsString(), ToString(office().floor(0)));
  EXPECT_LE(*ParseRfc3339(*clip.Get("start").AsString()), At(20));
  EXPECT_GT(*ParseRfc3339(*clip.Get("end").AsString()), At(21));
  EXPECT_EQ(clip.Get("sha256").AsString()->size(), 64U);
  const auto on_floor =
      IdsIn("/v1/clips" + Span(At(0), At(50)) + "&floor=" + ToString(office().floor(0)), token);
  EXPECT_EQ(on_floor.size(), 2U) << "the moved camera's footage of then too";
  EXPECT_EQ(served().Ask("/v1/clips" + Span(At(0), At(50)), token).status, 400)
      << "neither camera nor floor";
}

TEST_F(AccessTest, CoverageTellsRecordedGapAndNothingElse) {
  const std::string path =
      "/v1/cameras/" + ToString(world_->cameras[0]) + "/coverage" + Span(At(60), At(100));
  const auto items = Get(path, TokenOf(office().head(0))).Get("items").items();
  std::string told;
  for (const Json& item : items)
    told += *item.Get("kind").AsString() +
            (item.Has("reason") ? ":" + *item.Get("reason").AsString() : "") + " ";
  EXPECT_EQ(told, "recorded gap:camera_unreachable recorded ");
  EXPECT_EQ(items.front().Get("start").AsString(), FormatRfc3339(At(60)));
  EXPECT_EQ(items.back().Get("end").AsString(), FormatRfc3339(At(100)));
  const std::string moved =
      "/v1/cameras/" + ToString(world_->moved) + "/coverage" + Span(At(30), At(90));
  const auto pieces = [&](PersonId person) {
    std::string kinds;
    for (const Json& item : Get(moved, TokenOf(person)).Get("items").items())
      kinds += *item.Get("kind").AsString() + " ";
    return kinds;
  };
  EXPECT_EQ(pieces(office().head(0)), "recorded no_footage ");
  EXPECT_EQ(pieces(office().head(1)), "no_footage recorded ");
  EXPECT_EQ(pieces(office().crisis_desk()), "recorded ");
}

}  // namespace
}  // namespace yagura::api
