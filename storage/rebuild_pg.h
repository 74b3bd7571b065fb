#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/pg/pool_pg.h"
#include "core/result.h"
#include "storage/catalogue_pg.h"
#include "storage/clip_folders.h"
#include "storage/journal_state.h"
#include "storage/rebuild_queries_pg.h"
#include "storage/told_clip.h"

namespace yagura::storage {

/// What a rebuild has done so far, and what it could not do.
struct RebuildReport {
  std::string day;  // of the clips that are being told
  std::size_t days_left = 0;
  std::size_t files = 0;              // clip files seen
  std::size_t known = 0;              // of these, with a row, or proved deleted
  std::size_t in_journal = 0;         // of these, being recorded, or void: the recorder tells
  std::size_t told = 0;               // of these, with a row now
  std::uint64_t told_bytes = 0;       // what of these counts
  std::size_t journal_records = 0;    // runs, gaps and notes that the journal still has
  std::size_t ended = 0;              // runs and gaps of which nobody would have said the end
  std::size_t problem_count = 0;      // things that have no row now, or are damaged
  std::vector<std::string> problems;  // the first thousand of them, a line each
};

/// Tells the catalogue again what lies on the volumes, from the clip files and from what the
/// recorder's journal still has, newest day first. Rows that are there stay as they are, so it may
/// be run again, after it was cut short as well, and beside `yagura record` and `yagura keep`: what
/// the recorder has open is left to it, and what was deleted with a proof doesn't come back.
/// Cameras, units and floors are facts, no part of it: a clip of one that the database doesn't know
/// is a problem, and so is each file that can't be read.
///
/// What has left its volume is told from its copy, as if its file were there still: `yagura keep`
/// finds the copy and not the file, and notes that.
///
/// What the files can't say: docs/design/catalogue.md, "Told again". One thread.
class CatalogueRebuild {
 public:
  struct Options {
    OfficeDays days;
    std::vector<VolumeRegistration> volumes;  // those that are there
    bool with_store = false;                  // `files` has an object store too (StoreFiles)
    std::string journal_folder;               // may be missing
    std::size_t records_max = 500;            // of one transaction
    std::function<void(const RebuildReport&)> on_folder;  // told after each camera's day
  };
  /// `pool` connects as yagura_record, with time for long statements; it and the others outlive
  /// this.
  CatalogueRebuild(pg::Pool& pool, Files& files, const Clock& clock, Options options);

  /// Errors: of the database, and of folders that can't be listed; what was told until then stays.
  [[nodiscard]] Result<RebuildReport> Run();

 private:
  using Day = ClipFolders::Day;
  using FoundFiles = ClipFolders::FoundFiles;

  [[nodiscard]] Result<void> TellJournal();
  [[nodiscard]] Result<std::vector<JournalRecord>> ReadJournal();
  [[nodiscard]] Result<void> TellDay(const Day& day);
  [[nodiscard]] Result<void> TellCameraDay(const Day& day, const CameraId& camera);
  [[nodiscard]] Result<void> LeaveToRecorder(FoundFiles& files);
  [[nodiscard]] bool IsTheRecorders(const ClipId& clip) const;
  [[nodiscard]] bool GoesOn(const RunId& run) const;
  [[nodiscard]] Result<void> TellClips(const Day& day, const FoundFiles& files,
                                       const KnownClipRows& known);
  [[nodiscard]] std::optional<ToldClip> Tell(FoundFiles::const_iterator file,
                                             const FoundFiles& files);
  [[nodiscard]] VolumeId VolumeLeft(const VolumeId& volume) const;
  [[nodiscard]] Result<RunOpened> RunOfFirst(const Day& day, const ToldClip& earliest);
  [[nodiscard]] Result<void> EndWhatNobodyEnds();
  [[nodiscard]] std::optional<std::string> Unknown(const CameraId& camera,
                                                   const Owner& owner) const;
  [[nodiscard]] std::optional<std::string> Unknown(const JournalRecord& record) const;
  [[nodiscard]] Result<void> Add(std::vector<JournalRecord> records);
  [[nodiscard]] Result<void> Flush();
  [[nodiscard]] Result<void> Store(std::span<const JournalRecord> records);
  void Problem(std::string what);

  pg::Pool& pool_;
  Files& files_;
  const Clock& clock_;
  const Options options_;
  ClipFolders folders_;
  RebuildReport report_;
  KnownFacts facts_;
  /// Facts that the database doesn't know, and how many clips name them.
  std::map<std::string, std::size_t> unknown_;

  // The journal as of when it was read last.
  JournalState journal_;
  std::set<ClipId> voided_;
  WallTime journal_read_at_{};

  std::vector<JournalRecord> batch_;
};

}  // namespace yagura::storage
