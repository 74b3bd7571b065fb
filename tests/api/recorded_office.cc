#include "tests/api/recorded_office.h"

#include <sstream>

#include "core/check.h"
#include "storage/catalogue_pg.h"

namespace yagura::api {
namespace {

using access_control::Post;

constexpr const char* kZone = "Asia/Tokyo";
/// How long before now the recording begins: tests record less.
constexpr std::chrono::minutes kBefore{45};

/// On a whole second, and so that no midnight of the office lies in what follows: that would roll
/// the runs.
WallTime Begin(const OfficeCalendar& calendar) {
  const WallTime now = std::chrono::floor<std::chrono::seconds>(SystemClock().Now());
  const WallTime begin = now - kBefore;
  return calendar.MidnightAfter(begin) < now ? calendar.MidnightAfter(begin) - kBefore * 2 : begin;
}

OfficeCalendar Tokyo() {
  auto calendar = OfficeCalendar::Load(kZone);
  CHECK(calendar.has_value());
  return *calendar;
}

}  // namespace

RecordedOffice::RecordedOffice()
    : database_(access_control::StoredOffice::NewDatabase()),
      stored_(*database_),
      calendar_(Tokyo()),
      begun_(Begin(calendar_)),
      clock_(begun_) {
  std::filesystem::create_directories(folder_.path() / "state");
  std::filesystem::create_directories(volume_root());
  auto volume = storage::Volume::Format(files_, volume_root());
  CHECK(volume.has_value());
  volume_ = *volume;
  recorder_ = std::make_unique<storage::RecorderCore>(
      storage::RecorderOptions{.state_folder = (folder_.path() / "state").string(),
                               .volumes = {{.root = volume_root(), .reserve_bytes = 1}}},
      files_, clock_, calendar_);
  CHECK(recorder_->Open().has_value());
  controller_ = office_.AddUnit();
  for (int n = 0; n < 3; ++n) AddDepartment(controller_);
  crisis_desk_ = office_.AddHolder(Post::kCrisisManagement, controller_);
  operations_ = office_.AddHolder(Post::kOperations, controller_);
}

RecordedOffice::~RecordedOffice() = default;

int RecordedOffice::AddDepartment(std::optional<UnitId> parent) {
  units_.push_back(office_.AddUnit(parent));
  floors_.push_back(office_.AddFloor());
  heads_.push_back(office_.AddHolder(Post::kDepartmentHead, units_.back()));
  return static_cast<int>(units_.size()) - 1;
}

CameraId RecordedOffice::AddCamera(int n, VideoLoop loop, access_control::CameraState state) {
  const CameraId id = office_.AddCamera();
  const WallTime since = begun_ - std::chrono::hours(1);
  office_.Place(id, floor(n), {since, WallTime::max()});
  office_.SetState(id, state, {since, WallTime::max()});
  Camera camera;
  camera.loop = std::move(loop);
  camera.owners = {{since, unit(n), floor(n)}};
  camera.charges = {{id, unit(n), {since, WallTime::max()}}};
  camera.epoch = clock_.Now();
  camera.sink = recorder_->Attach(id, storage::Stream::kMain, camera.owners, clock_.Now());
  cameras_.emplace(id, std::move(camera));
  return id;
}

void RecordedOffice::ChangeCharge(CameraId id, int n, WallTime at) {
  Camera& camera = cameras_.at(id);
  camera.owners.push_back({at, unit(n), camera.owners.back().floor});
  camera.charges.back().valid.to = at;
  camera.charges.push_back({id, unit(n), {at, WallTime::max()}});
  recorder_->SetOwners(id, camera.owners);
}

void RecordedOffice::SendDue(Camera& camera) {
  for (;;) {
    const auto& frame = camera.loop.frames[camera.next];
    const MediaTime pts{camera.loop_at_90k + frame.pts_90k};
    const MediaTime dts{camera.loop_at_90k + frame.dts_90k};
    if (camera.epoch + Between({900'000}, dts) >= clock_.Now()) return;
    const WallTime wall = camera.epoch + Between({900'000}, pts);
    camera.sink->OnAccessUnit(
        {frame.data, pts, dts, frame.keyframe, wall, camera.loop.format, camera.timeline});
    camera.sent.push_back({wall, Sha256Hex(frame.data)});
    if (++camera.next == camera.loop.frames.size()) {
      camera.next = 0;
      camera.loop_at_90k += camera.loop.duration_90k;
    }
  }
}

void RecordedOffice::Work(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    for (const auto& volume : recorder_->volumes()) {
      volume->ProcessQueue();
      volume->SyncRound();
    }
  }
}

void RecordedOffice::Record(std::chrono::seconds length) {
  for (int i = 0; i < length.count(); ++i) {
    clock_.Advance(std::chrono::seconds(1));
    for (auto& [id, camera] : cameras_) {
      if (camera.away_until <= clock_.Now()) SendDue(camera);
    }
    recorder_->KeepTime();
    Work(1);
  }
}

void RecordedOffice::Interrupt(CameraId id, std::chrono::seconds length) {
  Camera& camera = cameras_.at(id);
  camera.sink->OnInterruption(GapReason::kCameraUnreachable, clock_.Now());
  camera.away_until = clock_.Now() + length + std::chrono::seconds(1);
  Record(length);
  camera.next = 0;
  camera.loop_at_90k = 900'000;
  camera.epoch = clock_.Now();
  ++camera.timeline;
}

void RecordedOffice::ChangeLoop(CameraId id, VideoLoop loop) {
  Camera& camera = cameras_.at(id);
  camera.loop = std::move(loop);
  camera.next = 0;
  camera.loop_at_90k = 900'000;
  camera.epoch = clock_.Now();
  ++camera.timeline;
}

void RecordedOffice::Store() {
  for (const auto& [id, camera] : cameras_) {
    for (const auto& charge : camera.charges) office_.PutInCharge(id, charge.unit, charge.valid);
  }
  stored_.Store(office_.set());
  recorder_->EndAll();
  Work(3);
  storage::CatalogueCommitter committer(
      recorder_->journal(), database_->As("yagura_record"), files_, clock_,
      {.days = {calendar_, kZone},
       .volumes = {{volume_, volume_root(), {}}},
       .set_aside_path = (folder_.path() / "set-aside").string()});
  for (;;) {
    const auto stored = committer.CommitOnce();
    if (!stored.has_value()) fprintf(stderr, "%s\n", ToString(stored.error()).c_str());
    CHECK(stored.has_value());
    if (*stored == 0) return;
  }
}

std::vector<std::string> RecordedOffice::Column(const std::string& sql) {
  std::istringstream answer(database_->Ask(sql));
  std::vector<std::string> lines;
  for (std::string line; std::getline(answer, line);)
    lines.push_back(line.substr(0, line.find('|')));
  return lines;
}

}  // namespace yagura::api
