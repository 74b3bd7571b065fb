#include "api/media/viewings.h"

#include <algorithm>

#include "core/log.h"

namespace yagura::api {
namespace {

using access_control::Action;
using access_control::Caller;
using access_control::Delivery;
using access_control::Footage;
using access_control::Permit;
using access_control::Viewing;

/// Shares that Viewings itself has while looking after one: the list's and its copy's. Any more are
/// of bytes on their way.
constexpr long kOurs = 2;
/// After a report failed (PostgreSQL is away) none is tried for so long.
constexpr std::chrono::seconds kReportPause{5};
/// Of a round, for reports.
constexpr std::chrono::milliseconds kReportingMax{200};

void AddRange(std::vector<WallRange>& ranges, WallRange range) {
  if (range.from >= range.to) return;
  ranges.push_back(range);
  std::sort(ranges.begin(), ranges.end(),
            [](const WallRange& a, const WallRange& b) { return a.from < b.from; });
  std::vector<WallRange> joined;
  for (const WallRange& one : ranges) {
    if (!joined.empty() && one.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, one.to);
    } else {
      joined.push_back(one);
    }
  }
  ranges = std::move(joined);
}

/// From another terminal it is another viewing, also with the same token: a session that is shared
/// is on record as that.
bool IsOf(const OpenViewing& open, const Caller& caller) {
  return open.caller().token == caller.token && open.caller().terminal == caller.terminal;
}

}  // namespace

void OpenViewing::AddDelivered(WallRange time, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  AddRange(delivered_, time);
  delivered_bytes_ += bytes;
}

Delivery OpenViewing::TakeDelivered() {
  const std::lock_guard lock(mutex_);
  return {viewing_.id(), std::exchange(delivered_, {}), std::exchange(delivered_bytes_, 0), false};
}

void OpenViewing::PutBack(const Delivery& delivery) {
  const std::lock_guard lock(mutex_);
  for (const WallRange& range : delivery.intervals) AddRange(delivered_, range);
  delivered_bytes_ += delivery.bytes;
}

Viewings::Viewings(access_control::Gate& gate, const Clock& clock, Times times, Limits limits)
    : gate_(gate), clock_(clock), times_(times), limits_(limits), thread_([this] { Run(); }) {}

Viewings::~Viewings() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  for (const Entry& entry : entries_) {
    entry.open->Cut();
    if (!Report(*entry.open, true)) return;  // PostgreSQL is away: it will be for the others too
  }
}

template <class Fits>
std::shared_ptr<OpenViewing> Viewings::FindWhere(const Caller& caller, Fits fits) {
  const std::lock_guard lock(mutex_);
  for (Entry& entry : entries_) {
    const OpenViewing& open = *entry.open;
    if (open.is_cut() || !IsOf(open, caller) || !fits(open)) continue;
    entry.used_at = clock_.Monotonic();
    return entry.open;
  }
  return nullptr;
}

std::shared_ptr<OpenViewing> Viewings::Find(const Caller& caller, Action action, CameraId camera,
                                            const ViewingStretch& stretch) {
  return FindWhere(caller, [&](const OpenViewing& open) {
    const Viewing& viewing = open.viewing();
    return viewing.action() == action && viewing.camera() == camera &&
           open.footage() == stretch.footage;
  });
}

std::shared_ptr<OpenViewing> Viewings::FindClip(const Caller& caller, const ClipId& id,
                                                std::uint64_t last_byte) {
  return FindWhere(caller, [&](const OpenViewing& open) {
    const auto& clip = open.clip();
    return clip && clip->row.id == id && (!clip->grows || last_byte < clip->row.bytes);
  });
}

std::shared_ptr<OpenViewing> Viewings::FindAny(const Caller& caller, Action action,
                                               CameraId camera) {
  return FindWhere(caller, [&](const OpenViewing& open) {
    return open.viewing().action() == action && open.viewing().camera() == camera;
  });
}

std::shared_ptr<OpenViewing> Viewings::FindLive(const Caller& caller, CameraId camera,
                                                WallTime until) {
  return FindWhere(caller, [&](const OpenViewing& open) {
    const Viewing& viewing = open.viewing();
    return viewing.action() == Action::kLivePlay && viewing.camera() == camera &&
           viewing.interval().to >= until;
  });
}

std::shared_ptr<OpenViewing> Viewings::FindLastLive(const Caller& caller, CameraId camera,
                                                    std::chrono::milliseconds within) {
  const std::lock_guard lock(mutex_);
  const MonoTime now = clock_.Monotonic();
  Entry* last = nullptr;
  for (Entry& entry : entries_) {
    const Viewing& viewing = entry.open->viewing();
    if (viewing.action() != Action::kLivePlay || viewing.camera() != camera ||
        !IsOf(*entry.open, caller) || now - entry.used_at > within)
      continue;
    if (last == nullptr || last->open->viewing().interval().to < viewing.interval().to)
      last = &entry;
  }
  if (last == nullptr) return nullptr;
  last->used_at = now;
  return last->open;
}

Result<std::shared_ptr<OpenViewing>> Viewings::Add(std::shared_ptr<OpenViewing> open) {
  const std::lock_guard lock(mutex_);
  const PersonId person = open->viewing().person();
  const auto of_person = std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.open->viewing().person() == person;
  });
  if (std::ssize(entries_) >= limits_.all || of_person >= limits_.of_person ||
      !MakePlaceFor(open->viewing().session()))
    return Failure(Error(ErrorCode::kResourceExhausted, "too many viewings are open")
                       .WithPublicMessage("too many viewings are open"));
  const MonoTime now = clock_.Monotonic();
  entries_.push_back({open, now, now});
  return open;
}

bool Viewings::MakePlaceFor(SessionId session) {
  std::ptrdiff_t open = 0;
  const Entry* unused = nullptr;
  for (const Entry& entry : entries_) {
    if (entry.open->is_cut() || entry.open->viewing().session() != session) continue;
    ++open;
    const bool in_use = entry.open.use_count() > ours_;
    if (!in_use && (unused == nullptr || entry.used_at < unused->used_at)) unused = &entry;
  }
  if (open < limits_.of_session) return true;
  if (unused != nullptr) unused->open->Cut();  // its end is recorded in the next round
  return unused != nullptr;
}

Result<std::shared_ptr<OpenViewing>> Viewings::Ensure(const Caller& caller, Action action,
                                                      CameraId camera,
                                                      const ViewingStretch& stretch) {
  if (auto open = Find(caller, action, camera, stretch)) {
    RETURN_IF_ERROR(Recheck(*open));
    return open;
  }
  const auto work = [&](Permit& permit) -> Result<Viewing> {
    for (const Footage& footage : stretch.footage) {
      if (!permit.Allows(footage)) return Failure(ErrorCode::kNotFound, "no longer to be seen");
    }
    return permit.OpenViewing(stretch.AsOne(camera));
  };
  ASSIGN_OR_RETURN(Viewing viewing, gate_.EnterFor<Viewing>(
                                        caller, access_control::DemandFor(action, camera), work));
  return Add(
      std::make_shared<OpenViewing>(caller, std::move(viewing), stretch.footage, std::nullopt));
}

Result<void> Viewings::Recheck(OpenViewing& open, Look look) {
  if (open.viewing().action() == Action::kLivePlay) return RecheckLive(open);
  for (const Footage& footage : open.footage()) {
    auto still = gate_.Recheck(open.caller(), open.viewing(), footage, look);
    look = Look::kRecent;  // one look is for all of it
    if (still.has_value()) continue;
    open.Cut();
    return Failure(still.error());
  }
  return {};
}

Result<void> Viewings::RecheckLive(OpenViewing& open) {
  const auto still = gate_.RecheckLive(open.caller(), open.viewing());
  if (still.has_value()) {
    open.Trust(still->looked_at, still->ends_at);
    return {};
  }
  open.Cut();
  return Failure(still.error());
}

void Viewings::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, times_.look_each, [this] { return stopping_; })) {
    lock.unlock();
    LookAfterAll();
    lock.lock();
  }
}

void Viewings::LookAfterAll() {
  std::list<Entry> all;
  {
    const std::lock_guard lock(mutex_);
    all = entries_;
    ours_ = kOurs;
  }
  for (const Entry& entry : all) LookAfter(entry);
  std::vector<const OpenViewing*> ended;
  std::vector<const OpenViewing*> reported;
  const MonoTime reporting_ends = clock_.Monotonic() + kReportingMax;
  for (Entry& entry : all) {
    if (clock_.Monotonic() >= reporting_ends) break;
    const MonoTime reported_at = entry.reported_at;
    if (!ReportDue(entry)) ended.push_back(entry.open.get());
    if (entry.reported_at != reported_at) reported.push_back(entry.open.get());
  }
  const auto is_among = [](const std::vector<const OpenViewing*>& some, const Entry& entry) {
    return std::find(some.begin(), some.end(), entry.open.get()) != some.end();
  };
  const std::lock_guard lock(mutex_);
  entries_.remove_if([&](const Entry& entry) { return is_among(ended, entry); });
  for (Entry& entry : entries_) {
    if (is_among(reported, entry)) entry.reported_at = clock_.Monotonic();
  }
  all.clear();
  ours_ = 1;
}

void Viewings::LookAfter(const Entry& entry) {
  const bool in_use = entry.open.use_count() > kOurs;
  if (in_use && !entry.open->is_cut())
    (void)Recheck(*entry.open);  // an error cuts, which is what it is for
}

bool Viewings::ReportDue(Entry& entry) {
  const bool in_use = entry.open.use_count() > kOurs;
  const MonoTime now = clock_.Monotonic();
  if (now < reports_pause_until_) return true;
  if (!in_use &&
      (entry.open->is_cut() || (now - entry.used_at >= times_.idle_max && CutUnused(entry)))) {
    return !Report(*entry.open, true);
  }
  if (now - entry.reported_at < times_.report_each) return true;
  if (Report(*entry.open, false)) entry.reported_at = now;
  return true;
}

bool Viewings::CutUnused(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  if (entry.open.use_count() > kOurs) return false;  // somebody has just found it
  entry.open->Cut();                                 // from here on nobody does
  return true;
}

bool Viewings::Report(OpenViewing& open, bool last) {
  Delivery delivery = open.TakeDelivered();
  delivery.last = last;
  if (delivery.intervals.empty() && delivery.bytes == 0) return true;
  const auto recorded = gate_.RecordDelivered(delivery);
  if (recorded.has_value()) return true;
  open.PutBack(delivery);
  reports_pause_until_ = clock_.Monotonic() + kReportPause;
  log::Warning("deliveries can't be recorded now",
               {{"viewing", ToString(delivery.viewing)}, {"error", recorded.error()}});
  return false;
}

}  // namespace yagura::api
