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

/// "<floor> <in service>/<all>" of each floor, whatever the site and building.
std::vector<std::string> FloorsIn(const Json& places) {
  std::vector<std::string> floors;
  for (const Json& site : places.Get("items").items()) {
    for (const Json& building : site.Get("buildings").items()) {
      for (const Json& floor : building.Get("floors").items()) {
        std::int64_t all = 0;
        const Json counts = floor.Get("cameras");
        for (const std::string& state : counts.members()) all += *counts.Get(state).AsInt();
        floors.push_back(*floor.Get("id").AsString() + " " +
                         std::to_string(*counts.Get("in_service").AsInt()) + "/" +
                         std::to_string(all));
      }
    }
  }
  return floors;
}

TEST_F(AccessTest, PlacesAreWhereCamerasOfOnesListStandAndCountThoseAlone) {
  const auto floors_of = [&](PersonId person) {
    return FloorsIn(Get("/v1/places", TokenOf(person)));
  };
  const auto floor = [](int n, const char* cameras) {
    return ToString(office().floor(n)) + " " + cameras;
  };
  EXPECT_THAT(floors_of(office().head(0)), ElementsAre(floor(0, "1/1")));
  EXPECT_THAT(floors_of(office().head(1)),
              ::testing::UnorderedElementsAre(floor(0, "1/1"), floor(1, "1/1")))
      << "the camera that changed hands stands among the other department's";
  const auto everywhere =
      ::testing::UnorderedElementsAre(floor(0, "2/2"), floor(1, "1/1"), floor(2, "1/1"));
  EXPECT_THAT(floors_of(office().crisis_desk()), everywhere);
  EXPECT_THAT(floors_of(office().operations()), everywhere);
  EXPECT_TRUE(floors_of(world_->auditor).empty());
  const Json site = Get("/v1/places", TokenOf(office().head(0))).Get("items").items().at(0);
  EXPECT_EQ(site.Get("code").AsString(), "S");
  EXPECT_EQ(site.Get("buildings").items().at(0).Get("code").AsString(), "B");
}

TEST_F(AccessTest, DepartmentsAreThoseOfOnesPostsAndBelow) {
  const auto departments_of = [&](PersonId person) {
    return IdsIn("/v1/departments", TokenOf(person));
  };
  EXPECT_THAT(departments_of(office().head(0)), ElementsAre(ToString(office().unit(0))));
  EXPECT_EQ(departments_of(office().crisis_desk()).size(), 4U);
  EXPECT_EQ(departments_of(office().operations()).size(), 4U);
  EXPECT_THAT(departments_of(world_->auditor), ElementsAre(ToString(office().controller())));
  const Json own = Get("/v1/departments", TokenOf(office().head(0))).Get("items").items().at(0);
  EXPECT_TRUE(own.Get("parent_id").is_null()) << "what lies above is not to be known";
}

TEST_F(AccessTest, PostsAreListedForHeadsInTheirDepartmentAndForAdministrators) {
  const auto people_in = [&](const std::string& path, PersonId by) {
    std::vector<std::string> people;
    for (const Json& item : Get(path, TokenOf(by)).Get("items").items())
      people.push_back(*item.Get("person_id").AsString());
    return people;
  };
  EXPECT_THAT(people_in("/v1/assignments", office().head(0)),
              ElementsAre(ToString(office().head(0))));
  EXPECT_EQ(people_in("/v1/assignments", world_->administrator).size(), 7U);
  EXPECT_THAT(
      people_in("/v1/assignments?department=" + ToString(office().unit(1)), world_->administrator),
      ElementsAre(ToString(office().head(1))));
  for (const PersonId person : {office().crisis_desk(), office().operations(), world_->auditor}) {
    EXPECT_EQ(served().Ask("/v1/assignments", TokenOf(person)).status, 403);
  }
}

TEST_F(AccessTest, PhasesAreThoseOfOnesCamerasAndSayWhatIsMissing) {
  const auto phases_of = [&](PersonId person) {
    std::string told;
    for (const Json& phase : Get("/v1/phases", TokenOf(person)).Get("items").items()) {
      told += *phase.Get("code").AsString() + ":";
      for (const Json& missing : phase.Get("missing").items())
        told += " " + *missing.Get("state").AsString();
      told += " " + std::to_string(*phase.Get("cameras").Get("in_service").AsInt()) + "; ";
    }
    return told;
  };
  office().stored().Run(
      "INSERT INTO phase SELECT gen_random_uuid(), 'P' || n, 'Phase', now() + n * interval '1 day' "
      "FROM generate_series(1, 3) AS n");
  const auto in_phase = [&](CameraId camera, const char* phase) {
    office().stored().Run("UPDATE camera SET phase_id = (SELECT id FROM phase WHERE code = '" +
                          std::string(phase) + "') WHERE id = '" + ToString(camera) + "'");
  };
  in_phase(world_->cameras[0], "P1");
  in_phase(world_->cameras[1], "P1");
  in_phase(world_->cameras[2], "P2");
  office().stored().Run(
      "INSERT INTO camera VALUES (gen_random_uuid(), 'spare', 'Spare', (SELECT "
      "id FROM phase WHERE code = 'P3'))");
  EXPECT_EQ(phases_of(office().head(0)), "P1: 1; ");
  EXPECT_EQ(phases_of(office().head(2)), "P2: 1; ");
  EXPECT_EQ(phases_of(office().crisis_desk()), "P1: 2; P2: 1; ");
  EXPECT_EQ(phases_of(office().operations()), "P1: 2; P2: 1; P3: planned 0; ");
  office().stored().Run("DELETE FROM camera WHERE code = 'spare'");
  EXPECT_EQ(phases_of(world_->auditor), "");
  EXPECT_THAT(IdsIn("/v1/cameras?phase=P1", TokenOf(office().head(0))),
              ElementsAre(ToString(world_->cameras[0])));
  EXPECT_TRUE(IdsIn("/v1/cameras?phase=P2", TokenOf(office().head(0))).empty());
  EXPECT_EQ(Get("/v1/cameras?phase=P2", TokenOf(office().head(2)))
                .Get("items")
                .items()
                .at(0)
                .Get("phase")
                .AsString(),
            "P2");
}

TEST_F(AccessTest, WhoWasInChargeIsShownTheCameraAsItWasThen) {
  const std::string path = "/v1/cameras/" + ToString(world_->moved);
  const Json then = Get(path, TokenOf(office().head(0)));
  EXPECT_EQ(then.Get("department_id").AsString(), ToString(office().unit(0)));
  const Json now = Get(path, TokenOf(office().head(1)));
  EXPECT_EQ(now.Get("department_id").AsString(), ToString(office().unit(1)));
}

TEST_F(AccessTest, HealthIsToldOfCamerasInChargeNow) {
  const auto health_of = [](CameraId camera, PersonId person) {
    return Get("/v1/cameras/" + ToString(camera), TokenOf(person)).Get("health");
  };
  for (const PersonId person : {office().head(1), office().crisis_desk(), office().operations()}) {
    const Json health = health_of(world_->moved, person);
    EXPECT_EQ(health.Get("condition").AsString(), "missing");
    EXPECT_EQ(health.Get("reason").AsString(), "recorder_restart") << "it has stopped";
    const auto since = ParseRfc3339(health.Get("since").AsString().value_or(""));
    ASSERT_TRUE(since.has_value());
    EXPECT_GT(*since, At(120));
    EXPECT_LE(*since, office().now());
  }
  EXPECT_TRUE(health_of(world_->moved, office().head(0)).is_null()) << "was in charge";
  for (const Json& camera : Get("/v1/cameras", TokenOf(office().head(2))).Get("items").items())
    EXPECT_EQ(camera.Get("health").Get("condition").AsString(), "missing");
}

TEST_F(AccessTest, ASubStreamIsToldToWhoIsInChargeNow) {
  const std::string moved = ToString(world_->moved);
  const auto of = [&](PersonId person) {
    return Get("/v1/cameras/" + moved, TokenOf(person)).Get("sub_stream");
  };
  EXPECT_TRUE(of(office().head(1)).is_null()) << "it has none";
  office().stored().Run("INSERT INTO camera_stream (camera_id, stream, url, record_sub) VALUES ('" +
                        moved + "', 'sub', 'rtsp://10.0.0.1/sub', true)");
  for (const PersonId person : {office().head(1), office().crisis_desk(), office().operations()})
    EXPECT_EQ(of(person).Get("recorded").AsBool(), true);
  EXPECT_TRUE(of(office().head(0)).is_null()) << "was in charge";
  office().stored().Run("DELETE FROM camera_stream WHERE stream = 'sub'");
}

TEST_F(AccessTest, WhoWasInChargeIsNotToldWhatTheCameraIsCalledSince) {
  const std::string moved = ToString(world_->moved);
  const auto rename = [&](const std::string& name) {
    office().stored().Run("UPDATE camera SET name = '" + name + "' WHERE id = '" + moved + "'");
  };
  const std::string path = "/v1/cameras/" + moved;
  const std::string of_then = *Get(path, TokenOf(office().head(0))).Get("name").AsString();
  rename("the others desk");
  rename("the others safe");
  EXPECT_EQ(Get(path, TokenOf(office().head(0))).Get("name").AsString(), of_then);
  EXPECT_EQ(Get(path, TokenOf(office().head(1))).Get("name").AsString(), "the others safe");
  EXPECT_EQ(Get(path, TokenOf(office().operations())).Get("name").AsString(), "the others safe");
  const auto found_by = [&](const std::string& text, PersonId person) {
    return IdsIn("/v1/cameras" + Span(At(0), At(10)) + "&q=" + text, TokenOf(person));
  };
  EXPECT_TRUE(found_by("others", office().head(0)).empty());
  EXPECT_THAT(found_by("others", office().head(1)), ElementsAre(moved));
  rename(of_then);
}

TEST_F(AccessTest, PagesJoinToTheWholeList) {
  const std::string token = TokenOf(office().crisis_desk());
  const std::pair<std::string, std::string> lists[] = {
      {"/v1/cameras?", token},
      {"/v1/departments?", token},
      {"/v1/assignments?", TokenOf(world_->administrator)},
      {"/v1/clips" + Span(At(0), At(200)) + "&floor=" + ToString(office().floor(0)) + "&", token}};
  for (const auto& [list, by] : lists) {
    const auto whole = IdsIn(list + "limit=1000", by);
    EXPECT_GT(whole.size(), 3U);
    std::vector<std::string> joined;
    std::string cursor;
    for (;;) {
      const Json page = Get(list + "limit=2" + cursor, by);
      for (const Json& item : page.Get("items").items())
        joined.push_back(*item.Get("id").AsString());
      if (page.Get("next_cursor").is_null()) break;
      cursor = "&cursor=" + *page.Get("next_cursor").AsString();
    }
    EXPECT_EQ(joined, whole);
  }
  EXPECT_EQ(served().Ask("/v1/assignments?cursor=x", TokenOf(world_->administrator)).status, 400);
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
  EXPECT_EQ(clip.Get("stream").AsString(), "main");
  const std::string of_camera =
      "/v1/clips" + Span(At(0), At(50)) + "&camera=" + ToString(world_->cameras[0]) + "&stream=";
  EXPECT_TRUE(IdsIn(of_camera + "sub", token).empty()) << "its sub stream isn't recorded";
  EXPECT_EQ(served().Ask(of_camera + "third", token).status, 400);
  const auto on_floor =
      IdsIn("/v1/clips" + Span(At(0), At(50)) + "&floor=" + ToString(office().floor(0)), token);
  EXPECT_EQ(on_floor.size(), 2U) << "the moved camera's footage of then too";
  EXPECT_EQ(served().Ask("/v1/clips" + Span(At(0), At(50)), token).status, 400)
      << "neither camera nor floor";
}

/// Two days before all else: `count` gaps and as many clips of a camera, one each 2 s.
void FillThePast(RecordedOffice& office, CameraId camera, WallTime from, int count) {
  const std::string owner = "'" + ToString(camera) + "', 'main', '" + ToString(office.unit(2)) +
                            "', '" + ToString(office.floor(2)) + "'";
  const std::string run = "'" + ToString(NewId<RunId>()) + "'";
  const std::string start = "'" + FormatRfc3339(from) + "'::timestamptz";
  const std::string at = start + " + n * interval '2 seconds'";
  const std::string each = " FROM generate_series(0, " + std::to_string(count - 1) + ") AS n";
  const std::string volume = office.Column("SELECT volume_id FROM clip LIMIT 1").at(0);
  for (const std::string& sql :
       {"SELECT ensure_clip_partitions((" + start + ")::date - 1, (" + start +
            ")::date + 2, 'Asia/Tokyo')",
        "INSERT INTO gap SELECT gen_random_uuid(), " + owner + ", " + at + ", " + at +
            " + interval '1 second', 'camera_silent'" + each,
        "INSERT INTO run SELECT " + run + ", camera_id, stream, unit_id, floor_id, " + start +
            ", NULL, media_start, NULL, clock, codec, width_px, height_px, init_sha256 FROM run "
            "LIMIT 1",
        "INSERT INTO clip (run_id, sequence, camera_id, stream, unit_id, floor_id, volume_id, "
        "start_at, end_at, media_start, media_end, bytes, header_bytes, fragments_from, "
        "fragments_to, sha256, frames, keyframes, clock, ended_by) SELECT " +
            run + ", n, " + owner + ", '" + volume + "', " + at + ", " + at +
            " + interval '2 seconds', n, n + 1, 10, 1, 2, 10, sha256('x'), 1, '', 'synchronised', "
            "'rolled'" +
            each}) {
    const std::string said = office.database().Ask(sql);
    EXPECT_TRUE(said.empty() || std::isdigit(static_cast<unsigned char>(said[0])) != 0) << said;
  }
}

/// Nothing is left out in silence.
TEST_F(AccessTest, ARangeThatHoldsTooMuchIsRefused) {
  const CameraId camera = world_->cameras[2];
  const std::string token = TokenOf(office().head(2));
  const WallTime from = At(0) - std::chrono::hours(24 * 20);
  FillThePast(office(), camera, from, 20'001);
  const std::string path = "/v1/cameras/" + ToString(camera);
  const auto refused = [&](const std::string& what, WallTime to) {
    const Answer answer = served().Ask(path + what + Span(from, to), token);
    EXPECT_EQ(answer.status, 400) << what << answer.body;
    EXPECT_THAT(answer.body, ::testing::HasSubstr("\"range_too_full\"")) << what;
    EXPECT_THAT(answer.body, ::testing::HasSubstr("ask for a shorter range")) << what;
  };
  refused("/coverage", from + seconds(2 * 20'001));
  EXPECT_EQ(served().Ask(path + "/coverage" + Span(from, from + seconds(2 * 20'000)), token).status,
            200);
  refused("/playback.m3u8", from + seconds(2 * 3001));
  refused("/video.mp4", from + seconds(2 * 3001));
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
