#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/api/served_office.h"

namespace yagura::api {

/// A department with everything that can stand in a relation to it, each with a camera on a floor,
/// footage, and names that are met nowhere else; one holder of each post in it.
class MatrixWorld {
 public:
  /// "own", "below", "above", "sibling", "other_controller", and of cameras "before" (own until a
  /// minute after the recording began, then the sibling's) and "staged" (own).
  struct Thing {
    std::string camera;
    std::string clip;
    std::string run;
    std::string floor;  // not of before and staged
    std::string department;
    std::string hold;  // on its first minute
  };

  explicit MatrixWorld();

  [[nodiscard]] RecordedOffice& office() { return office_; }
  [[nodiscard]] ServedOffice& served() { return *served_; }
  [[nodiscard]] const Thing& thing(const std::string& relation) const {
    return things_.at(relation);
  }
  /// Columns of the table: "nobody", "no_post", "department_head", ...
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// A token of that column's person; empty for nobody.
  [[nodiscard]] std::string NewToken(const std::string& column);
  /// Within the time of which all cameras have footage, and before anything was handed over.
  [[nodiscard]] WallTime From() const { return office_.begun() + std::chrono::seconds(5); }
  [[nodiscard]] WallTime To() const { return office_.begun() + std::chrono::seconds(45); }

  /// Names and ids that stand in nothing that this column's person is given.
  [[nodiscard]] const std::vector<std::string>& ForeignMarks(const std::string& column) const {
    return foreign_.at(column);
  }
  /// Names that do.
  [[nodiscard]] const std::vector<std::string>& OwnMarks(const std::string& column) const {
    return own_.at(column);
  }

 private:
  /// A name or id of something, and in which relation that stands.
  struct Mark {
    std::string text;
    std::string kind;  // "camera", "floor", "unit", "person", "phase"
    std::string relation;
  };
  void AddDepartments();
  void AddCameras();
  void AddPeople();
  void GiveNames();
  void Name(const std::string& table, const std::string& id, const std::string& relation);
  void FindFootage();
  void PlaceHolds();
  void SortMarks();
  [[nodiscard]] static bool MaySee(const std::string& column, const Mark& mark);

  RecordedOffice office_;
  std::map<std::string, int> departments_;  // numbers in the office
  std::map<std::string, Thing> things_;
  std::map<std::string, PersonId> people_;
  PersonId placer_;  // of the holds; met nowhere else
  std::vector<std::string> columns_;
  std::vector<Mark> marks_;
  std::map<std::string, std::vector<std::string>> foreign_;
  std::map<std::string, std::vector<std::string>> own_;
  std::unique_ptr<ServedOffice> served_;
};

}  // namespace yagura::api
