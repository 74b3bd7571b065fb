#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "app/messages_en.h"
#include "app/messages_ja.h"
#include "core/command_line.h"
#include "core/fill_in.h"

namespace yagura::app {

enum class Language { kEnglish, kJapanese };

/// The language that the environment asks for (LC_ALL, LC_MESSAGES, LANG; the first that is set),
/// English where it is none of ours.
[[nodiscard]] Language LanguageOfEnvironment();

/// Names a message of the catalogues, messages_en.h and messages_ja.h. One that they don't have,
/// doesn't compile.
class MessageKey {
 public:
  consteval MessageKey(const char* key)
      : index_(IndexOf(key)) {}  // NOLINT: keys are written as texts
  [[nodiscard]] constexpr std::size_t index() const { return index_; }

 private:
  static consteval std::size_t IndexOf(std::string_view key) {
    for (std::size_t i = 0; i < std::size(kEnglishMessages); ++i) {
      if (kEnglishMessages[i].key == key) return i;
    }
    throw "messages_en.h has no message of this key";
  }
  std::size_t index_;
};

/// What the commands say to people, in one language. Immutable.
class Messages {
 public:
  explicit Messages(Language language) : language_(language) {}

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] std::string operator()(MessageKey key, FillIns values = {}) const;
  /// The words around help and usage errors.
  [[nodiscard]] CommandPhrases Phrases() const;

 private:
  Language language_;
};

}  // namespace yagura::app
