// What a rig's catalogue holds, as text.
#include <map>

#include "tests/storage/recording_rig.h"
#include "tests/storage/rig_text.h"

namespace yagura::testing {

std::vector<std::string> RecordingRig::Gaps(int number) const {
  std::map<WallTime, std::string> gaps;
  for (const auto& gap : catalogue_.gaps()) {
    if (gap.opened.camera != IdOf(number)) continue;
    gaps[gap.opened.from] = std::string(ToString(gap.opened.reason)) + " " + Text(gap.opened.from) +
                            "-" + (gap.to ? Text(*gap.to) : "");
  }
  std::vector<std::string> texts;
  for (const auto& [from, text] : gaps) texts.push_back(text);
  return texts;
}

std::vector<std::string> RecordingRig::Clips(int number) const {
  std::map<WallTime, std::string> clips;
  for (const auto& [id, row] : catalogue_.clips()) {
    if (row.opened.camera != IdOf(number)) continue;
    clips[row.opened.wall_start] =
        Text({row.opened.wall_start, row.wall_end}) + " " + std::string(ToString(row.ended_by));
  }
  std::vector<std::string> texts;
  for (const auto& [from, text] : clips) texts.push_back(text);
  return texts;
}

std::string RecordingRig::VolumesOf(int number) const {
  std::map<WallTime, char> volumes;
  for (const auto& [id, row] : catalogue_.clips()) {
    if (row.opened.camera == IdOf(number))
      volumes[row.opened.wall_start] = volumes_.at(row.opened.volume).back();
  }
  std::string text;
  for (const auto& [from, volume] : volumes) text += volume;
  return text;
}

}  // namespace yagura::testing
