#include "tests/app/office_fixture.h"

namespace yagura::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CertificateVerbsTest : public OfficeTest {
 protected:
  void SetUp() override {
    OfficeTest::SetUp();
    LoadOffice();
  }
};

TEST_F(CertificateVerbsTest, OperationsSeeWhichCertificatesCamerasShowAndMayHaveOneForgotten) {
  Done(AddCamera("1F-01"));
  Done(AddCamera("1F-02"));
  const auto listed = [&] {
    return Json::Parse(Done({"camera", "certificates", "--json"})).value().Get("items").items();
  };
  EXPECT_EQ(listed().size(), 0U);
  const std::string own(64, 'a');
  const std::string refused(64, 'b');
  Ask("INSERT INTO camera_certificate (camera_id, sha256, refused_sha256, refused_since) "
      "SELECT id, repeat('a', 64), repeat('b', 64), now() FROM camera WHERE code = '1F-02'");
  ASSERT_EQ(listed().size(), 1U);
  EXPECT_EQ(listed()[0].Get("code").AsString(), "1F-02");
  EXPECT_EQ(listed()[0].Get("sha256").AsString(), own);
  EXPECT_EQ(listed()[0].Get("refused_sha256").AsString(), refused);
  EXPECT_THAT(Done({"camera", "certificates"}), HasSubstr(own + "  " + refused));
  EXPECT_EQ(Done({"camera", "forget-certificate", "--camera", "1F-02"}),
            "1F-02: the next certificate that it shows is taken for its own\n");
  EXPECT_EQ(listed().size(), 0U);
  EXPECT_EQ(Ask("SELECT count(*) || ' ' || min(writer) FROM audit_record WHERE event = "
                "'camera_changed' AND body::jsonb @> '{\"certificate_forgotten\": true}'"),
            "1 yagura_admin");
  EXPECT_THAT(Refused({"camera", "forget-certificate", "--camera", "1F-09"}),
              HasSubstr("there is no camera \"1F-09\""));
}

TEST_F(CertificateVerbsTest, ANewDeviceShowsACertificateOfItsOwn) {
  Done(AddCamera("1F-01"));
  Ask("INSERT INTO camera_certificate (camera_id, sha256) SELECT id, repeat('a', 64) FROM camera");
  clock_.Advance(std::chrono::minutes(1));
  Done({"camera", "change", "--camera", "1F-01", "--transport", "tls"});
  EXPECT_THAT(Done({"camera", "certificates"}), HasSubstr("1F-01"));
  Done({"camera", "replace", "--camera", "1F-01", "--url", "rtsp://10.0.0.1/s"});
  EXPECT_THAT(Done({"camera", "certificates"}), Not(HasSubstr("1F-01")));
}

}  // namespace
}  // namespace yagura::app
