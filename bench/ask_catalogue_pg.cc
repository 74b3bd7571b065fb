// Times the product's questions to a catalogue, under row-level security, for
// bench/catalogue-index: of each how long it took at the client, from sending the statement to the
// rows as values. One person's session, one connection, cameras and instants from a fixed seed.
//   ask_catalogue DATABASE_HOST TOKEN FROM_S TO_S ROUNDS   (seconds since 1970)
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>
#include <map>
#include <pqxx/pqxx>
#include <random>
#include <string>
#include <vector>

#include "api/coverage_pg.h"
#include "core/pg/pool_pg.h"
#include "core/pg/values.h"
#include "storage/clip_queries_pg.h"

namespace yagura {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using storage::ClipSearch;

struct Office {
  std::vector<CameraId> cameras;
  std::vector<FloorId> floors;
  WallRange footage;
};

/// Milliseconds of each question, by its name, and how many rows it gave in all.
class Times {
 public:
  void Take(const std::string& name, const std::function<std::size_t()>& ask) {
    const auto begun = std::chrono::steady_clock::now();
    const std::size_t rows = ask();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begun;
    Of& of = all_[name];
    of.took_ms.push_back(took.count());
    of.rows += rows;
  }
  void Print() {
    std::printf("question\tasked\trows_each\tp50_ms\tp95_ms\tp99_ms\tlongest_ms\n");
    for (auto& [name, of] : all_) {
      std::sort(of.took_ms.begin(), of.took_ms.end());
      const auto at = [&](double part) {
        return of
            .took_ms[static_cast<std::size_t>(part * static_cast<double>(of.took_ms.size() - 1))];
      };
      std::printf("%s\t%zu\t%.1f\t%.2f\t%.2f\t%.2f\t%.2f\n", name.c_str(), of.took_ms.size(),
                  static_cast<double>(of.rows) / static_cast<double>(of.took_ms.size()), at(0.5),
                  at(0.95), at(0.99), of.took_ms.back());
    }
  }

 private:
  struct Of {
    std::vector<double> took_ms;
    std::size_t rows = 0;
  };
  std::map<std::string, Of> all_;
};

/// As a request does (storage/schema/0004_sessions_and_audit.sql, request_enter).
void Enter(pqxx::transaction_base& transaction, const std::string& token) {
  transaction.exec_params1("SELECT count(*) FROM request_enter($1, clock_timestamp())", token);
}

template <class IdType>
std::vector<IdType> ReadIds(pqxx::transaction_base& transaction, const char* sql) {
  std::vector<IdType> ids;
  for (const pqxx::row& row : transaction.exec(sql))
    ids.push_back(pg::IdOf<IdType>(row[0].c_str()));
  return ids;
}

class Asker {
 public:
  Asker(pqxx::transaction_base& transaction, const Office& office, std::mt19937& random,
        Times& times)
      : transaction_(transaction), office_(office), random_(random), times_(times) {}

  void AskOneOfEach() {
    const CameraId camera = Any(office_.cameras);
    const WallTime at = AnyInstant();
    std::vector<storage::ClipRow> hour;
    times_.Take("clips of a camera's hour", [&] {
      hour = storage::ClipsOverlapping(transaction_, Search(camera, {at, at + hours(1)}));
      return hour.size();
    });
    times_.Take("clip under an instant", [&] {
      return storage::ClipsOverlapping(transaction_, Search(camera, {at, at + microseconds(1)}))
          .size();
    });
    if (!hour.empty()) {
      times_.Take("clip by its id", [&] {
        return storage::FindClip(transaction_, hour.front().id).has_value() ? 1U : 0U;
      });
    }
    times_.Take("first hundred clips of a floor's hour", [&] {
      return storage::ClipsOverlapping(transaction_, OfFloor({at, at + hours(1)})).size();
    });
    times_.Take("gaps of a camera's day", [&] {
      return storage::GapsOverlapping(transaction_, camera, Stream::kMain, {at, at + hours(24)},
                                      1000)
          .size();
    });
  }
  void AskForCoverage() {
    const WallTime day = AnyInstant();
    times_.Take("coverage of 100 cameras for a day", [&] {
      std::size_t stretches = 0;
      for (int i = 0; i < 100; ++i) {
        stretches +=
            api::RecordedFootage(transaction_, Any(office_.cameras), {day, day + hours(24)}).size();
      }
      return stretches;
    });
    times_.Take("coverage of a camera for 31 days (its days with footage)", [&] {
      return api::RecordedFootage(transaction_, Any(office_.cameras),
                                  {office_.footage.from, office_.footage.from + hours(31 * 24)})
          .size();
    });
  }

 private:
  template <class T>
  const T& Any(const std::vector<T>& all) {
    return all[std::uniform_int_distribution<std::size_t>(0, all.size() - 1)(random_)];
  }
  WallTime AnyInstant() {
    const auto last = (office_.footage.to - office_.footage.from - hours(24)).count();
    return office_.footage.from + microseconds(std::uniform_int_distribution<std::int64_t>(
                                      0, std::max<std::int64_t>(last, 0))(random_));
  }
  static ClipSearch Search(const CameraId& camera, const WallRange& range) {
    return {.camera = camera, .floor = std::nullopt, .range = range, .after = std::nullopt};
  }
  ClipSearch OfFloor(const WallRange& range) {
    return {.camera = std::nullopt,
            .floor = Any(office_.floors),
            .range = range,
            .after = std::nullopt};
  }

  pqxx::transaction_base& transaction_;
  const Office& office_;
  std::mt19937& random_;
  Times& times_;
};

struct Wanted {
  std::string host;
  std::string token;
  WallRange footage;
  int rounds = 0;
};

Result<void> Ask(const Wanted& wanted) {
  pg::ConnectOptions options;
  options.host = wanted.host;
  options.role = "yagura_api";
  options.statement_timeout = options.transaction_timeout = std::chrono::minutes(1);
  pg::Pool pool(options, 1);
  Office office{.cameras = {}, .floors = {}, .footage = wanted.footage};
  std::mt19937 random(7);
  Times times;
  for (int round = 0; round < wanted.rounds; ++round) {
    RETURN_IF_ERROR(pool.Run([&](pqxx::transaction_base& transaction) -> Result<void> {
      Enter(transaction, wanted.token);
      if (office.cameras.empty()) {
        office.cameras = ReadIds<CameraId>(transaction, "SELECT id FROM camera ORDER BY id");
        office.floors = ReadIds<FloorId>(transaction, "SELECT id FROM floor ORDER BY id");
        if (office.cameras.empty())
          return Failure(ErrorCode::kNotFound, "the person sees no camera");
      }
      Asker asker(transaction, office, random, times);
      asker.AskOneOfEach();
      if (round % 20 == 0) asker.AskForCoverage();
      return {};
    }));
  }
  times.Print();
  return {};
}

int Number(const char* text) {
  const std::string_view digits(text);
  int number = 0;
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), number);  // else 0: refused
  return number;
}

}  // namespace
}  // namespace yagura

int main(int count, char** words) {
  using namespace yagura;
  if (count != 6 || Number(words[5]) < 1) {
    std::fprintf(stderr, "usage: ask_catalogue DATABASE_HOST TOKEN FROM_S TO_S ROUNDS\n");
    return 2;
  }
  const WallRange footage{WallTime(std::chrono::seconds(Number(words[3]))),
                          WallTime(std::chrono::seconds(Number(words[4])))};
  const auto done = Ask({words[1], words[2], footage, Number(words[5])});
  if (done.has_value()) return 0;
  std::fprintf(stderr, "%s\n", ToString(done.error()).c_str());
  return 1;
}
