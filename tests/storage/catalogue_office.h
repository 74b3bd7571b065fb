#pragma once

#include <string>
#include <vector>

#include "storage/catalogue_insert_pg.h"
#include "storage/journal_records.h"
#include "tests/support/migrated_postgres.h"

namespace yagura::storage {

/// Two cameras on one floor in the charge of one unit, one volume, and what a recorder says of
/// them. Everything is of 15 June 2027, 14:00 in Tokyo, unless a test says otherwise.
struct CatalogueOffice {
  UnitId unit = NewId<UnitId>();
  FloorId floor = NewId<FloorId>();
  CameraId camera = NewId<CameraId>();
  CameraId second_camera = NewId<CameraId>();
  VolumeId volume = NewId<VolumeId>();
  PersonId placer = NewId<PersonId>();  // of holds; another one releases them
  PersonId releaser = NewId<PersonId>();
  WallTime start = ParseRfc3339("2027-06-15T14:00:00+09:00").value();

  [[nodiscard]] static OfficeDays Days() {
    return {.calendar = OfficeCalendar::Load("Asia/Tokyo").value(), .zone = "Asia/Tokyo"};
  }

  /// Puts them into the database, the volume (at `volume_path`) too; gives "" or what went wrong.
  [[nodiscard]] std::string Insert(testing::MigratedPostgres& database,
                                   const std::string& volume_path = "/volume") const {
    return database.Ask(InsertSql(volume_path));
  }
  /// For a database of any version that has a catalogue.
  [[nodiscard]] std::string InsertSql(const std::string& volume_path = "/volume") const {
    const auto quoted = [](const auto& id) { return "'" + ToString(id) + "'"; };
    const std::string site = quoted(NewId<SiteId>());
    const std::string building = quoted(NewId<BuildingId>());
    return "INSERT INTO site VALUES (" + site + ", 'S', 'Site');" +
           "INSERT INTO building VALUES (" + building + ", " + site + ", 'B', 'Building');" +
           "INSERT INTO floor VALUES (" + quoted(floor) + ", " + building + ", '1F', 'First', 1);" +
           "INSERT INTO unit (id, code, name) VALUES (" + quoted(unit) + ", 'U', 'Unit');" +
           "INSERT INTO camera VALUES (" + quoted(camera) + ", '1F-01', 'One'), (" +
           quoted(second_camera) + ", '1F-02', 'Two');" + "INSERT INTO volume (id, path) VALUES (" +
           quoted(volume) + ", '" + volume_path + "');" +
           "INSERT INTO person (id, username, name, password_hash) VALUES (" + quoted(placer) +
           ", 'placer', 'Placer', ''), (" + quoted(releaser) + ", 'releaser', 'Releaser', '')";
  }

  [[nodiscard]] RunOpened Run(WallTime at, const CameraId& of) const {
    RunOpened run;
    run.run = NewId<RunId>();
    run.camera = of;
    run.owner = {.unit = unit, .floor = floor};
    run.clock = ClockState::kSynchronised;
    run.media_start = MediaTime{900'000};
    run.wall_start = at;
    run.format = {.codec = Codec::kH264,
                  .sps = {0x67, 0x4d, 0x40, 0x1f},
                  .pps = {0x68, 0xee},
                  .width_px = 1280,
                  .height_px = 720,
                  .reorder_depth = 0};
    run.init_sha256.fill(7);
    return run;
  }
  [[nodiscard]] RunOpened Run() const { return Run(start, camera); }

  /// The clip of a run whose clips last a minute each.
  [[nodiscard]] ClipClosed Clip(const RunOpened& run, std::uint32_t sequence) const {
    ClipClosed clip;
    const std::chrono::minutes before(sequence);
    clip.opened.clip = {.run = run.run, .sequence = sequence};
    clip.opened.camera = run.camera;
    clip.opened.volume = volume;
    clip.opened.owner = run.owner;
    clip.opened.clock = run.clock;
    clip.opened.media_start = Advance(run.media_start, before);
    clip.opened.wall_start = run.wall_start + before;
    clip.media_end = Advance(clip.opened.media_start, std::chrono::minutes(1));
    clip.wall_end = clip.opened.wall_start + std::chrono::minutes(1);
    clip.bytes = 10'000;
    clip.sha256.fill(9);
    clip.header_bytes = 700;
    clip.fragments_offset = 876;
    clip.samples = 900;
    clip.trailer_offset = 9000;
    clip.keyframes = {{.offset_bytes = 876, .media_time = clip.opened.media_start},
                      {.offset_bytes = 5000,
                       .media_time = Advance(clip.opened.media_start, std::chrono::seconds(30))}};
    return clip;
  }
  [[nodiscard]] std::vector<JournalRecord> RunWithClips(const RunOpened& run,
                                                        std::uint32_t clips) const {
    std::vector<JournalRecord> records = {run};
    for (std::uint32_t sequence = 0; sequence < clips; ++sequence) {
      records.emplace_back(Clip(run, sequence));
    }
    return records;
  }

  [[nodiscard]] GapOpened Gap(WallTime from, const CameraId& of) const {
    return {.gap = NewId<GapId>(),
            .camera = of,
            .stream = Stream::kMain,
            .owner = {.unit = unit, .floor = floor},
            .reason = GapReason::kCameraSilent,
            .from = from};
  }
};

}  // namespace yagura::storage
