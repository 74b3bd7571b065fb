#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <pqxx/pqxx>
#include <random>
#include <sstream>

#include "storage/clip_path.h"
#include "storage/retention_pg.h"
#include "storage/volume.h"
#include "tests/storage/catalogue_office.h"
#include "tests/storage/office_term.h"
#include "tests/storage/retention_model.h"
#include "tests/storage/retention_seen_pg.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_files.h"
#include "tests/support/migrated_postgres_fixture.h"
#include "tests/support/seed.h"

// Random histories of clips, holds and terms, with crashes and power cuts in the middle of a
// deletion and holds placed there, judged by a plain model: no held clip is lost, none that is not
// held outlives its term by a day, and each deletion is proven.
namespace yagura::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::MemoryFiles;

/// How many histories: YAGURA_HOLD_HISTORIES, or few.
int Histories() {
  const char* const text = std::getenv("YAGURA_HOLD_HISTORIES");
  return text == nullptr ? 40 : std::atoi(text);
}

class HistoriesTest : public testing::MigratedPostgresTest {
 protected:
  void SetUp() override {
    MigratedPostgresTest::SetUp();
    ASSERT_TRUE(database_);
    ASSERT_TRUE(formatted_.MakeFolder("/first") && formatted_.MakeFolder("/second"));
    const auto first = Volume::Format(formatted_, "/first");
    const auto second = Volume::Format(formatted_, "/second");
    ASSERT_TRUE(first.has_value() && second.has_value());
    volumes_ = {*first, *second};
    office_.volume = volumes_[0];
    ASSERT_EQ(office_.Insert(*database_, "/first"), "");
    ASSERT_EQ(
        Ask("INSERT INTO volume (id, path) VALUES ('" + ToString(volumes_[1]) + "', '/second')"),
        "");
    AddAnnex();
  }

  void Live(std::uint64_t seed) {
    Begin(seed);
    const int steps = 5 + Number(6);
    for (int step = 0; step < steps && !HasFailure(); ++step) {
      clock_->Advance(minutes(30 + Number(16 * 60)));
      Record();
      if (Chance(50)) PlaceHold();
      if (Chance(35)) ReleaseHold();
      if (Chance(50)) ChangeTerm();
      if (Chance(25)) ChangeLimit();
      if (Chance(40)) PassThatIsCut();
      // Keep starts again at once, and passes every ten seconds: once a day is enough here.
      PassToTheEnd();
    }
    if (HasFailure()) std::cout << "history of seed " << seed << ":\n" << story_.str();
  }

  std::uint64_t deletions_ = 0;
  std::uint64_t held_beyond_their_term_ = 0;  // looks that found one

 private:
  /// A second building with a floor, on the same site.
  void AddAnnex() {
    const auto building = NewId<BuildingId>();
    ASSERT_EQ("",
              Ask("INSERT INTO building SELECT '" + ToString(building) +
                  "', id, 'A', 'Annex' FROM site; INSERT INTO floor VALUES ('" +
                  ToString(annex_floor_) + "', '" + ToString(building) + "', '1F', 'First', 1)"));
    const auto site = *ParseId<SiteId>(Ask("SELECT id FROM site"));
    const auto main = *ParseId<BuildingId>(Ask("SELECT id FROM building WHERE code = 'B'"));
    places_.floors = {{office_.floor, {main, site}}, {annex_floor_, {building, site}}};
    subjects_ = {TermSubject(), site,         main,           building,
                 office_.floor, annex_floor_, office_.camera, office_.second_camera};
  }

  int Number(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool Chance(int percent) { return Number(100) < percent; }
  std::ostream& Tell() { return story_ << FormatRfc3339(clock_->Now()) << " "; }

  void Begin(std::uint64_t seed) {
    random_.seed(static_cast<std::uint_fast32_t>(seed));
    story_.str("");
    clock_ = std::make_unique<testing::FakeClock>(office_.start + hours(3));
    files_ = std::make_unique<MemoryFiles>();
    for (const auto& [path, bytes] : formatted_.Contents()) files_->Put(path, bytes);
    clips_.clear();
    holds_.clear();
    terms_.clear();
    ASSERT_EQ(Ask(kForgetAll), "");
    AddTerm(TermSubject(), office_.start - hours(1));
    staged_ = {office_.start, office_.start + hours(Chance(50) ? 0 : 4 + Number(20))};
    if (staged_.from == staged_.to) return;
    ASSERT_EQ(Ask("INSERT INTO camera_state (camera_id, state, valid_from, valid_to) VALUES ('" +
                  ToString(office_.second_camera) + "', 'staged', '" + FormatRfc3339(staged_.from) +
                  "', '" + FormatRfc3339(staged_.to) + "'), ('" + ToString(office_.second_camera) +
                  "', 'in_service', '" + FormatRfc3339(staged_.to) + "', 'infinity')"),
              "");
  }

  void AddTerm(TermSubject of, WallTime from) {
    RetentionTerm term;
    term.of = of;
    term.from = from;
    const hours keep(2 + Number(48));
    const hours minimum(Number(static_cast<int>(keep.count())));
    const bool has_length = of == TermSubject() || Chance(75);
    if (has_length) term.rule = RetentionRule{.keep = keep, .minimum = minimum};
    const auto set = SetTerm(database_->As("yagura_admin"), term);
    ASSERT_TRUE(set.has_value()) << ToString(set.error());
    term.version = *set;
    Tell() << "term " << term.version << " of subject " << of.index() << " from "
           << FormatRfc3339(from) << " keep " << (has_length ? keep.count() : -1) << " h minimum "
           << minimum.count() << " h\n";
    terms_.push_back(term);
  }
  /// Sometimes of the same instant as one before it.
  void ChangeTerm() {
    const hours ahead(Chance(30) ? Number(20) : 0);
    const TermSubject of = subjects_[static_cast<std::size_t>(Number(8))];
    AddTerm(of, Chance(10) ? terms_.back().from : clock_->Now() + ahead - minutes(1));
  }
  [[nodiscard]] RetentionTerm TermNow(const Kept& kept) const {
    return TermOf(kept, terms_, places_, clock_->Now());
  }

  /// What the recorder wrote meanwhile; some of it long ago, and its row comes late. The two runs
  /// without clips let the clock be believed.
  void Record() {
    std::vector<JournalRecord> records = {office_.Run(clock_->Now() - minutes(25), office_.camera),
                                          office_.Run(clock_->Now() - minutes(85), office_.camera)};
    const int runs = 1 + Number(3);
    for (int i = 0; i < runs; ++i) {
      const minutes ago(5 + Number(Chance(20) ? 60 * 60 : 12 * 60));
      const WallTime at = std::max(clock_->Now() - ago, office_.start);
      RunOpened run = office_.Run(at, Chance(50) ? office_.camera : office_.second_camera);
      if (Chance(40)) run.owner.floor = annex_floor_;
      records.emplace_back(run);
      const auto clips = static_cast<std::uint32_t>(1 + Number(5));
      for (std::uint32_t sequence = 0; sequence < clips; ++sequence)
        records.emplace_back(AddClip(run, sequence));
    }
    const auto stored = database_->As("yagura_record")
                            .Run([&](pqxx::transaction_base& transaction) -> Result<void> {
                              InsertRecords(transaction, records, CatalogueOffice::Days());
                              return {};
                            });
    ASSERT_TRUE(stored.has_value()) << ToString(stored.error());
  }
  ClipClosed AddClip(const RunOpened& run, std::uint32_t sequence) {
    Kept kept{.clip = office_.Clip(run, sequence), .path = {}};
    const std::size_t volume = Chance(70) ? 0 : 1;
    kept.clip.opened.volume = volumes_[volume];
    kept.clip.bytes = 10'000 + clips_.size();  // tells it from all others
    kept.path = std::string(volume == 0 ? "/first/" : "/second/") +
                ClipPath(CatalogueOffice::Days().calendar, kept.clip.opened);
    files_->Put(kept.path, {1, 2, 3});
    Tell() << "clip " << ToString(kept.clip.opened.clip) << " of "
           << FormatRfc3339(kept.range().from)
           << (kept.clip.opened.camera == office_.camera ? "" : ", second camera")
           << (kept.clip.opened.owner.floor == office_.floor ? "" : ", annex") << "\n";
    clips_.push_back(kept);
    return kept.clip;
  }

  /// Around some clip, to a fraction of a minute; or of no clip at all.
  void PlaceHold() {
    Look();
    const Kept& near = clips_[static_cast<std::size_t>(Number(static_cast<int>(clips_.size())))];
    const WallTime from = near.range().from + std::chrono::seconds(Number(180) - 90);
    Hold hold{ToString(NewId<Id<struct HoldTag>>()),
              near.clip.opened.camera,
              {from, from + std::chrono::seconds(1 + Number(Chance(20) ? 40'000 : 200))}};
    const std::string answer = Ask(
        "SELECT hold_keep('" + hold.id + "', '" + ToString(hold.camera) + "', '" +
        ToString(office_.unit) + "', '" + FormatRfc3339(hold.range.from) + "', '" +
        FormatRfc3339(hold.range.to) + "', 'why', now() + interval '9 days', '" +
        ToString(office_.placer) + "', ARRAY[gen_random_uuid()]) = '" + GoneOf(hold, clips_) + "'");
    EXPECT_EQ(answer, "t") << "what was gone of " << hold.id << ": " << GoneOf(hold, clips_);
    Tell() << "hold " << hold.id << " " << FormatRfc3339(hold.range.from) << " to "
           << FormatRfc3339(hold.range.to)
           << (hold.camera == office_.camera ? "\n" : ", second camera\n");
    holds_.push_back(hold);
  }
  void ReleaseHold() {
    if (holds_.empty()) return;
    const auto one = holds_.begin() + Number(static_cast<int>(holds_.size()));
    ASSERT_EQ("", Ask("UPDATE hold SET released_at = now(), released_by = '" +
                      ToString(office_.releaser) +
                      "', released_basis = ARRAY[gen_random_uuid()], "
                      "release_reason = 'over' WHERE id = '" +
                      one->id + "'"));
    Tell() << "release " << one->id << "\n";
    holds_.erase(one);
  }
  void ChangeLimit() {
    const std::string per_mille = std::to_string(300 + Number(1500));
    ASSERT_EQ("", Ask("UPDATE volume SET limit_bytes = greatest(1, stored_bytes * " + per_mille +
                      " / 1000) WHERE id = '" + ToString(volumes_[0]) + "'"));
    Tell() << "limit of the first volume " << per_mille << " per mille of what it has\n";
  }

  [[nodiscard]] Result<Retention::Outcome> Pass(const std::function<void()>& after_the_plan) {
    Retention retention(database_->As("yagura_keep"), *files_, *clock_,
                        {.calendar = CatalogueOffice::Days().calendar,
                         .reserve_bytes = 0,
                         .clips_per_step = 6,
                         .clock_state = [&] {
                           after_the_plan();
                           return ClockState::kSynchronised;
                         }});
    return retention.Pass();
  }
  /// Somewhere in it a hold is placed, or the disk refuses, or the process or the machine dies.
  void PassThatIsCut() {
    const std::uint64_t at = files_->calls() + 1 + static_cast<std::uint64_t>(Number(10));
    const int what = Number(5);
    const bool holds_after_the_plan = Chance(50);
    Tell() << "pass, cut at call " << at << " by " << what << "\n";
    files_->SetFault([&, at, what](const MemoryFiles::Call& call) -> std::optional<ErrorCode> {
      if (call.number < at) return std::nullopt;
      if (what == 0 && call.number == at) PlaceHold();
      if (what == 1) return ErrorCode::kUnavailable;
      if (what >= 2) throw MemoryFiles::MachineDown{};
      return std::nullopt;
    });
    bool died = false;
    try {
      (void)Pass([&] {
        if (holds_after_the_plan) PlaceHold();
      });
    } catch (const MemoryFiles::MachineDown&) {
      died = true;
    }
    files_->SetFault(nullptr);
    if (died && what == 2) files_->KillProcess();
    if (died && what > 2) {
      files_->CutPower();
      files_->PowerOn(what == 3 ? MemoryFiles::Loss::kAllUnsynced : MemoryFiles::Loss::kRandom,
                      static_cast<std::uint32_t>(random_()));
    }
    Look();
  }
  void PassToTheEnd() {
    Tell() << "pass\n";
    const auto outcome = Pass([] {});
    ASSERT_TRUE(outcome.has_value()) << ToString(outcome.error());
    Look();
    for (const Kept& kept : clips_) {
      const Seen& seen = seen_.at(ToString(kept.clip.opened.clip));
      EXPECT_EQ(seen.row, seen.rule.empty()) << Name(kept) << " is still being deleted";
      if (seen.row) {
        EXPECT_TRUE(IsHeld(kept) || !IsDue(kept)) << Name(kept) << " is kept too long";
        held_beyond_their_term_ += IsHeld(kept) && IsDue(kept) ? 1 : 0;
      }
    }
  }

  [[nodiscard]] bool IsHeld(const Kept& kept) const {
    return std::any_of(holds_.begin(), holds_.end(),
                       [&](const Hold& hold) { return Holds(hold, kept); });
  }
  [[nodiscard]] bool WasStaged(const Kept& kept) const {
    return kept.clip.opened.camera == office_.second_camera && staged_.from <= kept.range().from &&
           kept.range().from < staged_.to && staged_.to <= clock_->Now();
  }
  [[nodiscard]] bool IsDue(const Kept& kept) const {
    return kept.range().to <= clock_->Now() - TermNow(kept).rule->keep || WasStaged(kept);
  }

  /// Compares what there is with the model. Who is marked or deleted was not before: at this
  /// instant it must not be held, and must be due, or old enough to make room.
  void Look() {
    seen_ = ReadSeen(database_->As("postgres"));
    const auto files = files_->Contents();
    for (Kept& kept : clips_) {
      const Seen& seen = seen_[ToString(kept.clip.opened.clip)];
      EXPECT_TRUE(seen.row != seen.proof) << Name(kept) << ": a row or a proof";
      EXPECT_EQ(seen.bytes, kept.clip.bytes) << Name(kept);
      const bool is_there = files.contains(kept.path);
      EXPECT_FALSE(seen.proof && is_there) << Name(kept) << ": proven, and its file is there";
      EXPECT_TRUE(is_there || !seen.rule.empty()) << Name(kept) << " is lost";
      EXPECT_FALSE(kept.doomed && seen.rule.empty()) << Name(kept) << " is back";
      if (!kept.doomed && !seen.rule.empty()) ExpectDoomedRightly(kept, seen);
      kept.doomed = !seen.rule.empty();
    }
    EXPECT_EQ(seen_.size(), clips_.size());
  }
  void ExpectDoomedRightly(const Kept& kept, const Seen& seen) {
    const std::string& rule = seen.rule;
    Tell() << Name(kept) << " goes by " << rule << "\n";
    EXPECT_FALSE(IsHeld(kept)) << Name(kept) << " is held and goes by rule " << rule;
    const WallTime now = clock_->Now();
    const RetentionTerm term = TermNow(kept);
    EXPECT_TRUE(seen.planned) << Name(kept) << " goes by no plan";
    EXPECT_EQ(seen.version, rule == "staged" ? 0 : term.version) << Name(kept);
    const bool may_go = rule == "age"     ? kept.range().to <= now - term.rule->keep
                        : rule == "space" ? kept.range().to <= now - term.rule->minimum
                                          : rule == "staged" && WasStaged(kept);
    EXPECT_TRUE(may_go) << Name(kept) << " goes by rule " << rule << " too early";
    ++deletions_;
  }
  CatalogueOffice office_;
  MemoryFiles formatted_;
  std::vector<VolumeId> volumes_;
  std::unique_ptr<testing::FakeClock> clock_;
  std::unique_ptr<MemoryFiles> files_;
  std::mt19937 random_;
  std::ostringstream story_;
  std::vector<Kept> clips_;
  std::vector<Hold> holds_;  // in force
  std::vector<RetentionTerm> terms_;
  const FloorId annex_floor_ = NewId<FloorId>();
  Surroundings places_;
  std::vector<TermSubject> subjects_;  // of terms
  WallRange staged_{};
  std::map<std::string, Seen> seen_;
};

TEST_F(HistoriesTest, NoHeldClipIsLostAndNoOtherOutlivesItsTerm) {
  const std::uint64_t seed = testing::PrintedSeed();
  const int histories = Histories();
  for (int i = 0; i < histories && !HasFailure(); ++i) Live(seed + static_cast<std::uint64_t>(i));
  EXPECT_GT(deletions_, static_cast<std::uint64_t>(histories));
  EXPECT_GT(held_beyond_their_term_, static_cast<std::uint64_t>(histories));
  std::cout << histories << " histories, " << deletions_ << " clips deleted, "
            << held_beyond_their_term_
            << " times one found that is there only because it is held\n";
}

}  // namespace
}  // namespace yagura::storage
