#include "office/sheets.h"

#include <algorithm>

#include "core/check.h"

namespace yagura::office {
namespace {

constexpr Column Key(Column column) {
  column.key = true;
  column.required = true;
  return column;
}
constexpr Column KeyTo(Column column, Sheet sheet) {
  column.refers = sheet;
  return Key(column);
}
constexpr Column RequiredCell(Column column) {
  column.required = true;
  return column;
}
constexpr Column FixedTo(Column column, Sheet sheet) {
  column.refers = sheet;
  column.required = true;
  column.fixed = true;
  return column;
}
constexpr Column Fixed(Column column) {
  column.fixed = true;
  return column;
}
constexpr Column OptionalTo(Column column, Sheet sheet) {
  column.refers = sheet;
  return column;
}

constexpr Column EmptyIs(Column column, std::string_view value) {
  column.when_empty = value;
  return column;
}

constexpr Column kFrom{"from", "開始", Kind::kInstant};
constexpr Column kTo{"to", "終了", Kind::kInstant};
constexpr Column kName{"name", "名称", Kind::kName, true};
constexpr Column kTransport = EmptyIs({"transport", "受け取り方", Kind::kTransport}, "tcp");
constexpr Column kSubUrl = EmptyIs({"sub_url", "サブURL", Kind::kSubUrl}, "-");
constexpr Column kRecordSub = EmptyIs({"record_sub", "サブ録画", Kind::kYesNo}, "no");

constexpr std::array kPlaces{Key({"code", "コード", Kind::kPlace}), kName,
                             Column{"order", "並び順", Kind::kNumber}};
constexpr std::array kUnits{Key({"code", "コード", Kind::kCode}),
                            OptionalTo({"parent", "上位部署", Kind::kCode}, Sheet::kUnits),
                            kName,
                            Fixed(kFrom),
                            kTo,
                            OptionalTo({"successors", "後継部署", Kind::kCodes}, Sheet::kUnits)};
constexpr std::array kPeople{Key({"username", "利用者名", Kind::kUsername}), kName,
                             Column{"disabled", "停止", Kind::kInstant}};
constexpr std::array kAssignments{
    KeyTo({"person", "利用者", Kind::kUsername}, Sheet::kPeople), Key({"post", "職", Kind::kPost}),
    KeyTo({"unit", "部署", Kind::kCode}, Sheet::kUnits), Key(kFrom), kTo};
constexpr std::array kPhases{Key({"code", "コード", Kind::kCode}), kName,
                             RequiredCell({"starts", "開始日", Kind::kInstant})};
constexpr std::array kCameras{Key({"code", "コード", Kind::kCode}),
                              kName,
                              OptionalTo({"phase", "工期", Kind::kCode}, Sheet::kPhases),
                              RequiredCell({"url", "URL", Kind::kUrl}),
                              kTransport,
                              kSubUrl,
                              kRecordSub};
constexpr Column kCamera = KeyTo({"camera", "カメラ", Kind::kCode}, Sheet::kCameras);
constexpr std::array kPlacements{kCamera, FixedTo({"floor", "階", Kind::kPlace}, Sheet::kPlaces),
                                 Key(kFrom), kTo};
constexpr std::array kCharges{kCamera, FixedTo({"unit", "部署", Kind::kCode}, Sheet::kUnits),
                              Key(kFrom), kTo};
constexpr std::array kStates{kCamera, Fixed(RequiredCell({"state", "状態", Kind::kState})),
                             Key(kFrom), kTo, Fixed({"note", "備考", Kind::kNote})};

constexpr std::array kArrivals{Key({"code", "コード", Kind::kCode}),
                               kName,
                               RequiredCell({"floor", "階", Kind::kPlace}),
                               RequiredCell({"unit", "部署", Kind::kCode}),
                               Column{"phase", "工期", Kind::kCode},
                               RequiredCell({"url", "URL", Kind::kUrl}),
                               Column{"state", "状態", Kind::kState},
                               kTransport,
                               kSubUrl,
                               kRecordSub};
const SheetForm kArrivalsForm{"cameras", kArrivals};

const std::array<SheetForm, kSheetCount> kForms{{
    {"places.csv", kPlaces},
    {"units.csv", kUnits, true},
    {"people.csv", kPeople},
    {"assignments.csv", kAssignments, true},
    {"phases.csv", kPhases},
    {"cameras.csv", kCameras},
    {"placements.csv", kPlacements, true},
    {"charges.csv", kCharges, true},
    {"states.csv", kStates, true},
}};

}  // namespace

const SheetForm& FormOf(Sheet sheet) { return kForms[IndexOf(sheet)]; }

const SheetForm& ArrivalsForm() { return kArrivalsForm; }

std::size_t ColumnOf(Sheet sheet, std::string_view name) {
  const auto columns = FormOf(sheet).columns;
  const auto found = std::ranges::find(columns, name, &Column::name);
  CHECK(found != columns.end());
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace yagura::office
