#include "office/problem.h"

namespace yagura::office {

Problem ProblemIn(const Office& office, Sheet sheet, const Row& row, std::string_view column,
                  Fault fault, std::string other) {
  const std::size_t index = ColumnOf(sheet, column);
  return {fault,
          std::string(FormOf(sheet).file),
          row.line,
          office.HeadingOf(sheet, index),
          row.cells[index],
          std::move(other)};
}

Problem ProblemOf(Sheet sheet, const Row& row, Fault fault, std::string given, std::string other) {
  return {fault, std::string(FormOf(sheet).file), row.line, "", std::move(given), std::move(other)};
}

}  // namespace yagura::office
