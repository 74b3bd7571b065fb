#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <ostream>
#include <set>

#include "access_control/password_sodium.h"
#include "app/fact_change.h"
#include "app/people_list_pg.h"
#include "app/person_secrets.h"
#include "app/verbs.h"
#include "office/csv.h"
#include "office/text_encoding.h"

namespace yagura::app {
namespace {

using access_control::PeopleBook;

/// A line of standard input, and what becomes of it.
struct Entry {
  std::string username;
  std::string password;
  bool generated = false;
  access_control::SecondFactor factor;  // a new one
};
using People = std::map<std::string, FactorState>;

/// "kq3t-m5cz-2yd7-hxa4": 80 random bits, for a person to type once.
std::string NewPassword() {
  const std::string letters = access_control::Base32Of(access_control::NewTotpSecret());
  std::string password;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) password += '-';
    password += static_cast<char>(std::tolower(static_cast<unsigned char>(letters[i])));
  }
  return password;
}

bool IsHeading(const office::CsvRecord& record) {
  return record[0].text == "username" || record[0].text == "利用者名";
}

/// Why a line can't be; empty: it can.
std::string ProblemOf(const office::CsvRecord& record, const People& people,
                      const std::set<std::string>& seen, const Messages& say) {
  const std::string line = std::to_string(record[0].line);
  const std::string& username = record[0].text;
  const std::size_t size = record.size() > 1 ? record[1].text.size() : 0;
  if (!people.contains(username))
    return say("initial.unknown", {{"line", line}, {"given", username}});
  if (seen.contains(username)) return say("initial.twice", {{"line", line}, {"given", username}});
  const bool fits = size == 0 || (access_control::kPasswordBytesMin <= size &&
                                  size <= access_control::kPasswordBytesMax);
  return fits && record.size() <= 2 ? "" : say("initial.password", {{"line", line}});
}

Entry EntryOf(const office::CsvRecord& record) {
  const bool given = record.size() > 1 && !record[1].text.empty();
  return {record[0].text, given ? record[1].text : NewPassword(), !given, {}};
}

Result<std::vector<Entry>> EntriesOf(const std::string& bytes, const People& people,
                                     const Messages& say) {
  const auto text = office::ToUtf8(bytes);
  const auto* const utf8 = std::get_if<std::string>(&text);
  const office::CsvText csv = utf8 != nullptr ? office::ParseCsv(*utf8) : office::CsvText{};
  std::string problems;
  for (const office::CsvProblem& one : csv.problems)
    problems += "\n  " + say("initial.no_csv", {{"line", std::to_string(one.line)}});
  std::vector<Entry> entries;
  std::set<std::string> seen;
  for (const office::CsvRecord& record : csv.records) {
    if (&record == &csv.records.front() && IsHeading(record)) continue;
    const std::string problem = ProblemOf(record, people, seen, say);
    if (!problem.empty()) problems += "\n  " + problem;
    seen.insert(record[0].text);
    entries.push_back(EntryOf(record));
  }
  if (problems.empty() && !entries.empty()) return entries;
  return Failure(Refusal(ErrorCode::kInvalidArgument, say("initial.refused") + problems,
                         say("initial.refused.next")));
}

Result<People> ReadPeople(pg::Pool& pool) {
  ASSIGN_OR_RETURN(const auto listed,
                   pool.ReadFor<std::vector<ListedPerson>>(
                       [](auto& transaction) -> Result<std::vector<ListedPerson>> {
                         return ListPeople(transaction);
                       }));
  People people;
  for (const ListedPerson& one : listed) people.emplace(one.username, one.factor);
  return people;
}

/// What was made up here, for whoever hands it to its people. The only time that it is shown.
void Print(const std::vector<Entry>& entries, std::ostream& out) {
  out << office::WriteCsvRecord({"username", "password", "otpauth"});
  for (const Entry& entry : entries) {
    if (!entry.generated && !entry.factor) continue;
    out << office::WriteCsvRecord(
        {entry.username, entry.generated ? entry.password : "",
         entry.factor ? access_control::OtpauthUri(entry.username, *entry.factor) : ""});
  }
}

/// Whose account is opened by something already: by another password it would no longer be.
bool IsOpened(const Entry& entry, const People& people) {
  return people.at(entry.username) != FactorState::kMissing;
}

/// Leaves whoever has a password what it is, and says so.
void SkipOpened(std::vector<Entry>& entries, const People& people, const VerbContext& context) {
  std::string kept;
  std::erase_if(entries, [&](const Entry& entry) {
    if (!IsOpened(entry, people)) return false;
    kept += (kept.empty() ? "" : ", ") + entry.username;
    return true;
  });
  if (!kept.empty()) context.Note(context.say("initial.kept", {{"people", kept}}));
}

Result<int> SetInitialPasswords(VerbContext& context) {
  const std::string bytes(std::istreambuf_iterator<char>(context.in), {});
  ASSIGN_OR_RETURN(const auto pool, context.OpenDatabase());
  ASSIGN_OR_RETURN(const People people, ReadPeople(*pool));
  ASSIGN_OR_RETURN(std::vector<Entry> entries, EntriesOf(bytes, people, context.say));
  if (!context.given.Has("replace")) SkipOpened(entries, people, context);
  std::vector<PeopleBook::InitialPassword> passwords;
  for (Entry& entry : entries) {
    if (!IsOpened(entry, people)) entry.factor = access_control::NewTotpSecret();
    ASSIGN_OR_RETURN(const std::string hash, access_control::HashPassword(entry.password));
    passwords.push_back({entry.username, hash, entry.factor});
  }
  RETURN_IF_ERROR(PeopleBook(*pool, Actor()).SetInitialPasswords(passwords));
  Print(entries, context.out);
  return 0;
}

}  // namespace

Verb InitialPasswordsVerb(const Messages& say) {
  return {.command = {.words = {"person", "initial-passwords"},
                      .summary = say("person.initial_passwords"),
                      .description = say("person.initial_passwords.about"),
                      .examples = {"yagura person initial-passwords < names.csv > letters.csv",
                                   "cut -d, -f1 my-ward/people.csv | yagura person "
                                   "initial-passwords > letters.csv"},
                      .options = {Flag("replace", say("initial.replace"))}},
          .run = SetInitialPasswords};
}

}  // namespace yagura::app
