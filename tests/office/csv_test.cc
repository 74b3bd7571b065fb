#include "office/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yagura::office {
namespace {

using ::testing::ElementsAre;

std::vector<std::vector<std::string>> Read(std::string_view text) {
  std::vector<std::vector<std::string>> records;
  for (const CsvRecord& record : ParseCsv(text).records) {
    records.emplace_back();
    for (const CsvField& field : record) records.back().push_back(field.text);
  }
  return records;
}
std::vector<std::pair<CsvFault, int>> Faults(std::string_view text) {
  std::vector<std::pair<CsvFault, int>> faults;
  for (const CsvProblem& problem : ParseCsv(text).problems) {
    faults.emplace_back(problem.fault, problem.line);
  }
  return faults;
}

TEST(CsvTest, ReadsRecordsOfEitherLineEnd) {
  EXPECT_THAT(Read("a,b\r\nc,\r\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "")));
  EXPECT_THAT(Read("a,b\nc,d"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
  EXPECT_THAT(Read("a\r"), ElementsAre(ElementsAre("a")));
}

TEST(CsvTest, QuotesHoldCommasQuotesAndLines) {
  EXPECT_THAT(Read("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\n"),
              ElementsAre(ElementsAre("a,b", "say \"hi\"", "two\r\nlines")));
  EXPECT_THAT(Read("\"\",x\n"), ElementsAre(ElementsAre("", "x")));
}

TEST(CsvTest, LeavesOutWhatASpreadsheetLeavesBehind) {
  EXPECT_THAT(Read("a,b\n,\n\n,,,\n"), ElementsAre(ElementsAre("a", "b")));
}

TEST(CsvTest, CountsLinesThroughQuotedOnes) {
  const CsvText text = ParseCsv("\"1\n2\",a\nb,c\n");
  EXPECT_EQ(text.records[0][1].line, 2);
  EXPECT_EQ(text.records[1][0].line, 3);
}

TEST(CsvTest, NamesWhatIsNoCsvAndReadsOn) {
  EXPECT_THAT(Faults("a\"b\nc\n"), ElementsAre(std::pair(CsvFault::kStrayQuote, 1)));
  EXPECT_THAT(Read("a\"b\nc\n"), ElementsAre(ElementsAre("c")));
  EXPECT_THAT(Faults("x\n\"a\"b\n"), ElementsAre(std::pair(CsvFault::kAfterQuote, 2)));
  EXPECT_THAT(Faults("x\n\"a\n"), ElementsAre(std::pair(CsvFault::kUnclosedQuote, 2)));
  EXPECT_THAT(Faults("a\rb\n"), ElementsAre(std::pair(CsvFault::kBareReturn, 1)));
  EXPECT_THAT(Faults(std::string(4097, 'a')), ElementsAre(std::pair(CsvFault::kFieldTooLong, 1)));
  EXPECT_THAT(Faults(std::string(64, ',')), ElementsAre(std::pair(CsvFault::kTooManyFields, 1)));
}

TEST(CsvTest, WritesWhatItReads) {
  const std::vector<std::string> record{"a", "b,c", "d \"e\"", "f\ng", ""};
  EXPECT_EQ(WriteCsvRecord(record), "a,\"b,c\",\"d \"\"e\"\"\",\"f\ng\",\r\n");
  EXPECT_THAT(Read(WriteCsvRecord(record)), ElementsAre(record));
  EXPECT_THAT(Read(WriteCsvRecord({"", "x"})), ElementsAre(ElementsAre("", "x")));
}

}  // namespace
}  // namespace yagura::office
