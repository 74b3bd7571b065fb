#include "api/http.h"

#include <algorithm>

namespace yagura::api {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace

std::vector<std::string_view> Headers::All(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Field& field : fields_) {
    if (SameName(field.name, name)) values.push_back(field.value);
  }
  return values;
}

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  const auto values = All(name);
  if (values.size() != 1) return std::nullopt;
  return values.front();
}

void Headers::Add(std::string_view name, std::string_view value) {
  fields_.push_back({std::string(name), std::string(value)});
}

void Headers::Set(std::string_view name, std::string_view value) {
  Remove(name);
  Add(name, value);
}

void Headers::Remove(std::string_view name) {
  std::erase_if(fields_, [&](const Field& field) { return SameName(field.name, name); });
}

std::uint64_t SizeOf(const Piece& piece) {
  if (const auto* bytes = std::get_if<SharedBytes>(&piece)) return bytes->size();
  return std::get<FilePiece>(piece).size_bytes;
}

std::optional<std::uint64_t> BodySize(const Response& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
  const auto* source = std::get_if<std::unique_ptr<ByteSource>>(&response.body);
  if (source == nullptr) return std::nullopt;
  return (*source)->size_bytes();
}

}  // namespace yagura::api
