#include "api/media/clip_folder.h"

#include <algorithm>
#include <utility>

#include "api/media/open_clip.h"
#include "storage/clip_path.h"
#include "storage/sha256.h"

namespace yagura::api {
namespace {

using storage::IndexedFragment;

/// Of what no fragment holds: the head, the trailer.
constexpr std::uint64_t kBareBytesMax = std::uint64_t{1} << 20;

tl::unexpected<Error> Loss(const ClipId& clip, const std::string& what) {
  return Failure(ErrorCode::kDataLoss, "clip " + ToString(clip) + ": " + what);
}

std::uint64_t EndOf(const IndexedFragment& fragment) {
  return fragment.offset_bytes + fragment.size_bytes;
}

class FileStretch final : public ClipStretch {
 public:
  explicit FileStretch(FilePiece piece) : piece_(std::move(piece)) {}
  [[nodiscard]] Result<std::optional<Piece>> Next() override {
    if (handed_out_) return std::nullopt;
    handed_out_ = true;
    return Piece(std::move(piece_));
  }

 private:
  FilePiece piece_;
  bool handed_out_ = false;
};

class ObjectStretch final : public ClipStretch {
 public:
  ObjectStretch(OpenClip clip, ClipId id, std::vector<IndexedFragment> fragments,
                std::uint64_t begin, std::uint64_t end)
      : clip_(std::move(clip)), id_(id), fragments_(std::move(fragments)), at_(begin), end_(end) {}

  /// So that a store that doesn't answer is told before anything is on its way.
  [[nodiscard]] Result<void> FetchFirst() {
    ASSIGN_OR_RETURN(first_, Fetch());
    return {};
  }
  [[nodiscard]] Result<std::optional<Piece>> Next() override {
    if (first_) return std::exchange(first_, std::nullopt);
    return Fetch();
  }

 private:
  Result<std::optional<Piece>> Fetch() {
    if (at_ >= end_) return std::nullopt;
    const auto fragment =
        std::find_if(fragments_.begin(), fragments_.end(),
                     [&](const IndexedFragment& one) { return EndOf(one) > at_; });
    if (fragment == fragments_.end()) return NextBare(end_);
    if (fragment->offset_bytes > at_) return NextBare(std::min(end_, fragment->offset_bytes));
    return NextOf(*fragment);
  }
  Result<std::optional<Piece>> NextBare(std::uint64_t until) {
    const std::uint64_t size_bytes = std::min(until - at_, kBareBytesMax);
    ASSIGN_OR_RETURN(const auto bytes, clip_.Read(at_, size_bytes));
    at_ += size_bytes;
    return Piece(SharedBytes::CopyOf(bytes));
  }
  Result<std::optional<Piece>> NextOf(const IndexedFragment& fragment) {
    ASSIGN_OR_RETURN(const auto bytes, clip_.Read(fragment.offset_bytes, fragment.size_bytes));
    if (!storage::IsWholeFragment(bytes, fragment)) {
      return Loss(id_, "damaged from byte " + std::to_string(fragment.offset_bytes) + " on");
    }
    const std::uint64_t until = std::min(end_, EndOf(fragment));
    const auto part =
        std::span(bytes).subspan(static_cast<std::size_t>(at_ - fragment.offset_bytes),
                                 static_cast<std::size_t>(until - at_));
    at_ = until;
    return Piece(SharedBytes::CopyOf(part));
  }

  OpenClip clip_;
  ClipId id_;
  std::vector<IndexedFragment> fragments_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::optional<Piece> first_;  // fetched, and not handed out yet
};

}  // namespace

Result<ClipPlace> ClipFolder::PlaceOf(const std::map<VolumeId, std::string>& volume_paths,
                                      const storage::ClipRow& clip) const {
  const std::string name = storage::ClipPath(calendar_, clip.camera, clip.id, clip.start);
  const auto volume = volume_paths.find(clip.volume);
  if (volume == volume_paths.end() && store_ == nullptr)
    return Failure(ErrorCode::kUnavailable, "no volume " + ToString(clip.volume));
  return ClipPlace{.path = volume == volume_paths.end() ? "" : volume->second + "/" + name,
                   .object = store_ == nullptr ? "" : name};
}

Result<storage::ClipIndex> ClipFolder::ReadIndex(const ClipPlace& place,
                                                 const storage::ClipRow& clip) const {
  ASSIGN_OR_RETURN(const OpenClip open, OpenClip::Open(place, clip, files_, store_));
  auto index = storage::ReadClipIndex(open.file(), clip.bytes);
  if (!index.has_value()) return Failure(open.Explain(index.error()));
  if (index->identity.clip != clip.id) return Loss(clip.id, "the file is of another clip");
  return index;
}

Result<std::vector<std::uint8_t>> ClipFolder::ReadInit(
    const ClipPlace& place, const storage::ClipRow& clip,
    const std::array<std::uint8_t, 32>& sha256) const {
  ASSIGN_OR_RETURN(const OpenClip open, OpenClip::Open(place, clip, files_, store_));
  auto head = storage::ReadClipHead(open.file());
  if (!head.has_value()) return Failure(open.Explain(head.error()));
  if (head->identity.clip.run != clip.id.run) return Loss(clip.id, "the file is of another run");
  if (storage::Sha256Of(head->init_segment) != sha256) return Loss(clip.id, "its head is damaged");
  return std::move(head->init_segment);
}

Result<void> ClipFolder::Check(const ClipPlace& place, const storage::ClipRow& clip,
                               std::span<const IndexedFragment> fragments, std::uint64_t begin,
                               std::uint64_t end) const {
  ASSIGN_OR_RETURN(const OpenClip open, OpenClip::Open(place, clip, files_, store_));
  if (open.is_object()) return {};
  std::vector<std::uint8_t> buffer;
  open.file().StartReading(begin, end - begin);
  for (const IndexedFragment& fragment : fragments) {
    if (EndOf(fragment) <= begin || fragment.offset_bytes >= end) continue;
    const auto whole = storage::FragmentIsWhole(open.file(), fragment, buffer);
    if (!whole.has_value()) return Failure(open.Explain(whole.error()));
    if (!*whole)
      return Loss(clip.id, "damaged from byte " + std::to_string(fragment.offset_bytes) + " on");
  }
  return {};
}

Result<std::unique_ptr<ClipStretch>> ClipFolder::Stretch(const ClipPlace& place,
                                                         const storage::ClipRow& clip,
                                                         std::vector<IndexedFragment> fragments,
                                                         std::uint64_t begin,
                                                         std::uint64_t end) const {
  if (!place.path.empty()) {
    auto file = OpenFile::Open(place.path);
    if (file.has_value())
      return std::make_unique<FileStretch>(FilePiece{*std::move(file), begin, end - begin});
  }
  ASSIGN_OR_RETURN(OpenClip open, OpenClip::Open({"", place.object}, clip, files_, store_));
  auto stretch =
      std::make_unique<ObjectStretch>(std::move(open), clip.id, std::move(fragments), begin, end);
  RETURN_IF_ERROR(stretch->FetchFirst());
  return stretch;
}

Result<ClipFolder::ReadFragments> ClipFolder::Read(const ClipPlace& place,
                                                   const storage::ClipRow& clip,
                                                   std::span<const IndexedFragment> fragments,
                                                   std::uint64_t begin, std::uint64_t end) const {
  ASSIGN_OR_RETURN(const OpenClip open, OpenClip::Open(place, clip, files_, store_));
  ReadFragments read;
  for (const IndexedFragment& fragment : fragments) {
    if (EndOf(fragment) <= begin || fragment.offset_bytes >= end) continue;
    ASSIGN_OR_RETURN(const auto bytes, open.Read(fragment.offset_bytes, fragment.size_bytes));
    if (!storage::IsWholeFragment(bytes, fragment))
      return Loss(clip.id, "damaged from byte " + std::to_string(fragment.offset_bytes) + " on");
    if (read.bytes.empty()) read.offset_bytes = fragment.offset_bytes;
    read.bytes.insert(read.bytes.end(), bytes.begin(), bytes.end());
  }
  return read;
}

}  // namespace yagura::api
