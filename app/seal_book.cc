#include "app/seal_book.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include "fleet/private_file_posix.h"

namespace yagura::app {
namespace {

using access_control::AuditHead;
using access_control::AuditSeal;
using access_control::SealPublicKey;
using access_control::SealSigner;

storage::ByteView BytesOf(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<SealSigner> LoadOrMakeKey(const StateFiles& state) {
  auto seed = fleet::ReadPrivateFile(state.seal_key());
  if (!seed.has_value() && seed.error().code() == ErrorCode::kNotFound) {
    seed = SealSigner::NewSeed();
    RETURN_IF_ERROR(fleet::CreatePrivateFile(state.seal_key(), *seed));
  }
  if (!seed.has_value()) return Failure(seed.error());
  return SealSigner::FromSeed(*seed);
}

/// For whoever checks; made anew from the secret half where it is gone.
Result<void> WritePublicKey(storage::Files& files, const StateFiles& state,
                            const SealPublicKey& key) {
  const auto known = ReadSealKey(state.seal_public_key());
  if (known.has_value() && *known == key) return {};
  auto file = files.OpenToWrite(state.seal_public_key());
  if (!file.has_value()) file = files.Create(state.seal_public_key());
  if (!file.has_value()) return Failure(file.error());
  const std::string text = access_control::ToText(key) + "\n";
  const std::array<storage::ByteView, 1> parts{BytesOf(text)};
  RETURN_IF_ERROR((*file)->Write(0, parts));
  RETURN_IF_ERROR((*file)->Sync());
  return files.SyncFolder(storage::FolderOf(state.seal_public_key()));
}

}  // namespace

Result<SealHistory> ReadSeals(const std::filesystem::path& path, const SealPublicKey& key) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Failure(ErrorCode::kNotFound, "there are no seals in \"" + path.string() + "\"");
  SealHistory history;
  std::string line;
  while (std::getline(file, line) && !file.eof()) {
    line += '\n';
    auto seal = access_control::ReadSealLine(line, key);
    if (!seal.has_value() || seal->before != history.last_hash) {
      history.bad_line = history.seals + 1;
      break;
    }
    ++history.seals;
    history.last_at = seal->at;
    history.last_hash = access_control::HashOfSealLine(line);
    history.size_bytes += line.size();
    std::ranges::move(seal->heads, std::back_inserter(history.heads));
  }
  return history;
}

Result<SealPublicKey> ReadSealKey(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line))
    return Failure(ErrorCode::kNotFound, "there is no key in \"" + path.string() + "\"");
  const auto key = access_control::ParseSealPublicKey(line);
  if (!key) return Failure(ErrorCode::kDataLoss, "\"" + path.string() + "\" holds no public key");
  return *key;
}

Result<SealBook> SealBook::Open(storage::Files& files, const StateFiles& state) {
  ASSIGN_OR_RETURN(SealSigner signer, LoadOrMakeKey(state));
  RETURN_IF_ERROR(WritePublicKey(files, state, signer.public_key()));
  SealBook book(files, state.seals(), std::move(signer));
  const auto history = ReadSeals(state.seals(), book.signer_.public_key());
  if (!history.has_value() && history.error().code() == ErrorCode::kNotFound) return book;
  if (!history.has_value()) return Failure(history.error());
  if (history->bad_line) {
    return Failure(ErrorCode::kDataLoss, "\"" + state.seals() + "\": line " +
                                             std::to_string(*history->bad_line) +
                                             " is not as it was signed");
  }
  book.size_bytes_ = history->size_bytes;
  book.last_hash_ = history->last_hash;
  for (const AuditHead& head : history->heads) book.Remember(head);
  return book;
}

Result<void> SealBook::Add(WallTime at, const std::vector<AuditHead>& heads) {
  AuditSeal seal{at, last_hash_, {}};
  std::ranges::copy_if(heads, std::back_inserter(seal.heads), [&](const AuditHead& head) {
    return std::ranges::find(newest_, head) == newest_.end();
  });
  if (seal.heads.empty()) return {};
  const std::string line = signer_.LineOf(seal);
  RETURN_IF_ERROR(Append(line));
  size_bytes_ += line.size();
  last_hash_ = access_control::HashOfSealLine(line);
  for (const AuditHead& head : seal.heads) Remember(head);
  return {};
}

/// Behind the last whole line: what a power cut left of one is no seal.
Result<void> SealBook::Append(const std::string& line) {
  auto file = files_.OpenToWrite(path_);
  const bool is_new = !file.has_value() && file.error().code() == ErrorCode::kNotFound;
  if (is_new) file = files_.Create(path_);
  if (!file.has_value()) return Failure(file.error());
  RETURN_IF_ERROR((*file)->Truncate(size_bytes_));
  const std::array<storage::ByteView, 1> parts{BytesOf(line)};
  RETURN_IF_ERROR((*file)->Write(size_bytes_, parts));
  RETURN_IF_ERROR((*file)->Sync());
  return is_new ? files_.SyncFolder(storage::FolderOf(path_)) : Result<void>();
}

void SealBook::Remember(const AuditHead& head) {
  const auto known = std::ranges::find(newest_, head.writer, &AuditHead::writer);
  if (known == newest_.end()) {
    newest_.push_back(head);
  } else {
    *known = head;
  }
}

}  // namespace yagura::app
