#pragma once

#include <string>

#include "storage/mp4_boxes.h"

namespace yagura::testing {

/// The boxes of `bytes`, one a line as "type size", children two spaces further in.
inline std::string BoxTree(storage::ByteView bytes, int depth = 0) {
  using storage::FourCc;
  std::string tree;
  while (!bytes.empty()) {
    const auto header = storage::ReadBoxHeader(bytes);
    if (!header.has_value() || header->size_bytes > bytes.size()) {
      return tree + std::string(static_cast<std::size_t>(2 * depth), ' ') + "torn\n";
    }
    const auto size = static_cast<std::size_t>(header->size_bytes);
    std::string name;
    for (int shift = 24; shift >= 0; shift -= 8) name += static_cast<char>(header->type >> shift);
    tree += std::string(static_cast<std::size_t>(2 * depth), ' ') + name + " " +
            std::to_string(size) + "\n";
    std::size_t skip = 0;
    if (header->type == FourCc("dref") || header->type == FourCc("stsd")) skip = 8;
    if (header->type == FourCc("avc1") || header->type == FourCc("hvc1")) skip = 78;
    bool parent = skip > 0;
    for (const auto type :
         {FourCc("moov"), FourCc("trak"), FourCc("mdia"), FourCc("minf"), FourCc("dinf"),
          FourCc("stbl"), FourCc("mvex"), FourCc("moof"), FourCc("traf")}) {
      parent = parent || header->type == type;
    }
    if (parent) tree += BoxTree(bytes.first(size).subspan(header->header_bytes + skip), depth + 1);
    bytes = bytes.subspan(size);
  }
  return tree;
}

}  // namespace yagura::testing
