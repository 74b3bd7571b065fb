#include "storage/object_wire.h"

#include <algorithm>
#include <charconv>

namespace yagura::storage {
namespace {

constexpr int kTooManyRequests = 429;
constexpr int kRequestTimeout = 408;

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string Encode(std::string_view text, bool keeps_slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (IsPlain(c) || (keeps_slash && c == '/')) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte / 16];
    encoded += kDigits[byte % 16];
  }
  return encoded;
}

/// Undoes %XX; "+" is a space there too.
std::string Decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
            text.data() + i + 3) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

/// What lies between <tag> and </tag>, and in `rest` what follows; nothing where there is none.
std::optional<std::string_view> Element(std::string_view xml, const std::string& tag,
                                        std::string_view* rest = nullptr) {
  const std::string open = "<" + tag + ">";
  const std::string close = "</" + tag + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = xml.find(close, begin + open.size());
  if (end == std::string_view::npos) return std::nullopt;
  if (rest != nullptr) *rest = xml.substr(end + close.size());
  return xml.substr(begin + open.size(), end - begin - open.size());
}

std::optional<std::uint64_t> Number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The store says that what arrived is not what was signed for.
bool IsOtherBytes(std::string_view code) {
  return code == "XAmzContentSHA256Mismatch" || code == "BadDigest" || code == "InvalidDigest" ||
         code == "IncompleteBody";
}

ErrorCode CodeOf(int status, std::string_view refusal) {
  if (IsOtherBytes(refusal)) return ErrorCode::kDataLoss;
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
      return ErrorCode::kNotFound;
    case kRequestTimeout:
      return ErrorCode::kDeadlineExceeded;
    case 416:
      return ErrorCode::kOutOfRange;
    case kTooManyRequests:
      return ErrorCode::kUnavailable;
    default:
      return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kFailedPrecondition;
  }
}

/// Only what can stand in a log: the code is a store's word.
std::string InPlainText(std::string_view code) {
  std::string plain;
  for (const char c : code.substr(0, 64)) plain += IsPlain(c) ? c : '?';
  return plain;
}

}  // namespace

std::string EncodePath(std::string_view name) { return Encode(name, true); }

std::string EncodeQuery(std::vector<std::pair<std::string, std::string>> query) {
  std::sort(query.begin(), query.end());
  std::string text;
  for (const auto& [key, value] : query) {
    if (!text.empty()) text += '&';
    text += Encode(key, false) + "=" + Encode(value, false);
  }
  return text;
}

std::string RefusalCode(std::string_view body) {
  return InPlainText(Element(body, "Code").value_or(""));
}

Error ErrorOf(const RefusedAnswer& answer, std::string_view what) {
  const std::string refusal = RefusalCode(answer.body);
  std::string message =
      std::string(what) + ": the object store answered " + std::to_string(answer.status);
  if (!refusal.empty()) message += " " + refusal;
  return Error(CodeOf(answer.status, refusal), std::move(message));
}

bool IsWorthAnotherTry(const RefusedAnswer& answer) {
  const std::string refusal = RefusalCode(answer.body);
  return answer.status >= 500 || answer.status == kTooManyRequests ||
         answer.status == kRequestTimeout || refusal == "RequestTimeout" || IsOtherBytes(refusal);
}

std::optional<ContentRange> ParseContentRange(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos || slash < dash ||
      slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto first = Number(text.substr(kUnit.size(), dash - kUnit.size()));
  const auto last = Number(text.substr(dash + 1, slash - dash - 1));
  const auto object_bytes = Number(text.substr(slash + 1));
  if (!first || !last || !object_bytes || *last < *first || *last >= *object_bytes) {
    return std::nullopt;
  }
  return ContentRange{.from = *first, .to = *last + 1, .object_bytes = *object_bytes};
}

Result<ObjectPage> ParseList(std::string_view xml) {
  const auto list =
      Element(xml.substr(std::min(xml.size(), xml.find("<ListBucketResult"))), "IsTruncated");
  if (!list || xml.find("</ListBucketResult>") == std::string_view::npos) {
    return Failure(ErrorCode::kDataLoss, "the object store's list is none");
  }
  ObjectPage page;
  page.more = *list == "true";
  std::string_view rest = xml;
  while (const auto object = Element(rest, "Contents", &rest)) {
    const auto name = Element(*object, "Key");
    const auto size_bytes = Number(Element(*object, "Size").value_or(""));
    if (!name || !size_bytes) {
      return Failure(ErrorCode::kDataLoss, "an object without name or size in a list");
    }
    page.objects.push_back({.name = Decode(*name), .size_bytes = *size_bytes});
  }
  if (page.more && page.objects.empty()) {
    return Failure(ErrorCode::kDataLoss, "a list that goes on and has nothing in it");
  }
  return page;
}

Result<void> CheckPage(const ObjectPage& page, std::string_view prefix, std::string_view after) {
  for (const ListedObject& object : page.objects) {
    if (!object.name.starts_with(prefix) || object.name <= after)
      return Failure(ErrorCode::kDataLoss, "the object store's list is not what was asked for");
    after = object.name;
  }
  return {};
}

std::chrono::milliseconds BackOff(int tries, std::chrono::milliseconds first,
                                  std::chrono::milliseconds most, double chance) {
  const auto doubled = first * (std::int64_t{1} << std::min(tries - 1, 20));
  const auto bounded = std::min(doubled, most);
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(bounded.count()) * (1 - chance / 2)));
}

}  // namespace yagura::storage
