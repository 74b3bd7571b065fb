#include "storage/set_aside.h"

#include <algorithm>
#include <array>

namespace yagura::storage {
namespace {

constexpr std::uint64_t kSetAsideBytesMax = 16 * 1024 * 1024;

ByteView BytesOf(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<std::string> SetAsideFile::Contents() const {
  const auto bytes = ReadWhole(files_, path_, kSetAsideBytesMax);
  if (bytes.has_value()) return std::string(bytes->begin(), bytes->end());
  if (bytes.error().code() == ErrorCode::kNotFound) return std::string();
  if (bytes.error().code() != ErrorCode::kOutOfRange) return Failure(bytes.error());
  return Failure(ErrorCode::kResourceExhausted,
                 "too many records are set aside in \"" + path_ + "\"");
}

Result<std::unique_ptr<File>> SetAsideFile::Open() {
  auto file = files_.OpenToWrite(path_);
  if (file.has_value() || file.error().code() != ErrorCode::kNotFound) return file;
  ASSIGN_OR_RETURN(auto created, files_.Create(path_));
  RETURN_IF_ERROR(files_.SyncFolder(FolderOf(path_)));
  return created;
}

Result<void> SetAsideFile::Add(const JournalRecord& record, const Error& why, WallTime now) {
  const Json json = ToJson(record);
  ASSIGN_OR_RETURN(const std::string contents, Contents());
  if (contents.find("\"record\":" + json.Dump() + "}") != std::string::npos) return {};
  // A line cut short by a crash is ended first.
  std::string line = contents.empty() || contents.ends_with('\n') ? "" : "\n";
  line +=
      Json::Object({{"at", FormatRfc3339(now)}, {"why", ToString(why)}, {"record", json}}).Dump();
  line += '\n';
  ASSIGN_OR_RETURN(const std::unique_ptr<File> file, Open());
  const std::array<ByteView, 1> parts{BytesOf(line)};
  RETURN_IF_ERROR(file->Write(contents.size(), parts));
  return file->Sync();
}

Result<std::size_t> SetAsideFile::Count() const {
  ASSIGN_OR_RETURN(const std::string contents, Contents());
  return static_cast<std::size_t>(std::count(contents.begin(), contents.end(), '\n'));
}

}  // namespace yagura::storage
