#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>

#include "office/text_encoding.h"

namespace yagura::office {
namespace {

// ICU's name of the table that Windows uses; "Shift_JIS" differs in its wave dash and minus.
constexpr const char* kCp932 = "windows-932";

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

/// A converter that stops at what it can't read, instead of putting a stand-in for it.
Converter Open(const char* encoding) {
  UErrorCode failure = U_ZERO_ERROR;
  Converter converter(ucnv_open(encoding, &failure));
  if (U_FAILURE(failure)) return nullptr;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                      &failure);
  return U_FAILURE(failure) ? nullptr : std::move(converter);
}

int LineAt(std::string_view bytes, std::size_t offset) {
  return 1 + static_cast<int>(std::ranges::count(bytes.substr(0, offset), '\n'));
}

bool IsUtf8(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int32_t>(bytes.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U8_NEXT(data, at, size, character);
    if (character < 0) return false;
  }
  return true;
}

void AppendUtf8(const UChar* from, const UChar* to, std::string& text) {
  const auto size = static_cast<std::int32_t>(to - from);
  for (std::int32_t at = 0; at < size;) {
    UChar32 character = 0;
    U16_NEXT(from, at, size, character);
    std::array<std::uint8_t, 4> bytes{};
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, character);
    text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
  }
}

std::variant<std::string, EncodingProblem> FromCp932(std::string_view bytes) {
  const Converter converter = Open(kCp932);
  if (converter == nullptr) return EncodingProblem{EncodingFault::kNeither, 1};
  std::string text;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  for (bool more = true; more;) {
    std::array<UChar, 512> block{};
    UChar* to = block.data();
    UErrorCode failure = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &to, block.data() + block.size(), &at, end, nullptr, true,
                   &failure);
    AppendUtf8(block.data(), to, text);
    more = failure == U_BUFFER_OVERFLOW_ERROR;
    if (!more && U_FAILURE(failure)) {
      return EncodingProblem{EncodingFault::kNeither,
                             LineAt(bytes, static_cast<std::size_t>(at - bytes.data()))};
    }
  }
  return text;
}

}  // namespace

std::variant<std::string, EncodingProblem> ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return EncodingProblem{EncodingFault::kUtf16, 1};
  }
  const bool marked = bytes.starts_with(kByteOrderMark);
  if (marked) bytes.remove_prefix(kByteOrderMark.size());
  if (IsUtf8(bytes)) return std::string(bytes);
  if (!marked) return FromCp932(bytes);
  std::size_t fits = 0;  // whole lines
  for (std::size_t end = 0; (end = bytes.find('\n', fits)) != std::string_view::npos;) {
    if (!IsUtf8(bytes.substr(fits, end - fits))) break;
    fits = end + 1;
  }
  return EncodingProblem{EncodingFault::kNeither, LineAt(bytes, fits)};
}

}  // namespace yagura::office
