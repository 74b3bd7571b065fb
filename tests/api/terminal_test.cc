// Where requests come from, told by real listeners: nobody is believed but the proxy in front.
#include "api/terminal.h"

#include <gtest/gtest.h>

#include "api/media/server_beast.h"
#include "api/server_rest.h"
#include "tests/api/raw_client_posix.h"

namespace yagura::api {
namespace {

constexpr const char* kKey = "00112233445566778899aabbccddeeff";

Response TellTerminal(const Request& request) {
  Response response;
  response.body = request.terminal + (request.headers.Find(kProxyKeyHeader) ? " and the key" : "");
  return response;
}

template <class Server>
class TerminalTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Server> Start(const std::string& key) {
    return *Server::Start({.proxy_key = key}, TellTerminal);
  }
  static std::string TerminalOf(const Server& server, const std::string& fields) {
    RawClient client(server.port());
    client.Send("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    return BodyOf(client.ReadResponse());
  }
};
using Listeners = ::testing::Types<RestServer, MediaServer>;
TYPED_TEST_SUITE(TerminalTest, Listeners);

TYPED_TEST(TerminalTest, TheProxyInFrontIsBelieved) {
  const auto server = this->Start(kKey);
  EXPECT_EQ(this->TerminalOf(*server, std::string("X-Forwarded-For: 10.1.2.3\r\n") +
                                          "X-Yagura-Proxy-Key: " + kKey + "\r\n"),
            "10.1.2.3");
}

TYPED_TEST(TerminalTest, NobodyElseIs) {
  const auto server = this->Start(kKey);
  const std::string told = "X-Forwarded-For: 10.1.2.3\r\n";
  const std::string wrong = std::string(32, '0');
  for (const std::string& fields :
       {std::string(), told, told + "X-Yagura-Proxy-Key:\r\n",
        told + "X-Yagura-Proxy-Key: " + wrong + "\r\n",
        told + "X-Yagura-Proxy-Key: " + std::string(kKey).substr(1) + "\r\n"}) {
    EXPECT_EQ(this->TerminalOf(*server, fields), "127.0.0.1") << fields;
  }
}

TYPED_TEST(TerminalTest, WithoutAKeyNobodyIs) {
  const auto server = this->Start("");
  EXPECT_EQ(this->TerminalOf(*server, "X-Forwarded-For: 10.1.2.3\r\nX-Yagura-Proxy-Key:\r\n"),
            "127.0.0.1");
}

}  // namespace
}  // namespace yagura::api
