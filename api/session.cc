#include "api/session.h"

#include "access_control/sessions_pg.h"
#include "api/error_to_http.h"
#include "api/json_bodies.h"
#include "api/parameters.h"

namespace yagura::api {
namespace {

struct SignInBody {
  std::string username;
  std::string password;
  std::optional<std::string> otp;
  bool cookie = false;
};

Result<SignInBody> ReadBody(const Call& call) {
  ASSIGN_OR_RETURN(const Json json, JsonBodyOf(call, {"username", "password", "cookie", "otp"}));
  const auto username = json.Get("username").AsString();
  const auto password = json.Get("password").AsString();
  const auto cookie = json.Has("cookie") ? json.Get("cookie").AsBool() : std::optional(false);
  if (!username || !password || !cookie)
    return InvalidArgument("username and password must be strings, cookie a boolean");
  const Json otp = json.Get("otp");
  if (!otp.is_null() && !otp.AsString())
    return InvalidArgument("otp must be a string of six digits, or null");
  return SignInBody{*username, *password, otp.AsString(), *cookie};
}

/// The right password came without the code that the account needs.
Response OtpRequired(const Error& error) {
  return ToResponse(
      Problem{401, "otp_required", std::string(error.public_message()), Json::Object()});
}

Json PostJson(const access_control::OwnPost& own) {
  const auto& fact = own.assignment;
  Json post = Json::Object({{"post", ToString(fact.post)},
                            {"department_id", ToString(fact.unit)},
                            {"department_code", own.unit_code},
                            {"department_name", own.unit_name}});
  post.Set("valid_from", InstantOrNull(fact.valid.from));
  post.Set("valid_to", InstantOrNull(fact.valid.to));
  return post;
}

}  // namespace

Result<Response> StartSession(const Call& call, access_control::SignIn& sign_in,
                              const SessionTransport& transport, const Clock& clock) {
  RETURN_IF_ERROR(transport.RefuseForeignOrigin(call.request));
  ASSIGN_OR_RETURN(const SignInBody body, ReadBody(call));
  const auto session =
      sign_in.Start({body.username, body.password, body.otp}, call.caller.terminal);
  if (!session.has_value()) {
    if (session.error().code() != ErrorCode::kFailedPrecondition) return Failure(session.error());
    return OtpRequired(session.error());
  }
  Json answer = Json::Object({{"person_id", ToString(session->person)},
                              {"expires_at", FormatRfc3339(session->expires_at)}});
  if (!body.cookie) answer.Set("token", session->token);
  Response response = JsonResponse(answer, 201);
  if (body.cookie) {
    const auto lasts =
        std::chrono::duration_cast<std::chrono::seconds>(session->expires_at - clock.Now());
    response.headers.Add("Set-Cookie", transport.SetCookie(session->token, lasts.count()));
  }
  return response;
}

Result<Response> ShowSession(const access_control::Permit& permit) {
  ASSIGN_OR_RETURN(const auto me, access_control::ReadWhoAmI(permit));
  Json posts = Json::Array();
  for (const auto& post : me.posts) posts.Push(PostJson(post));
  Json may_do = Json::Array();
  for (const auto action : me.may_do) may_do.Push(ToString(action));
  return JsonResponse(Json::Object({{"person_id", ToString(me.person)},
                                    {"username", me.username},
                                    {"name", me.name},
                                    {"expires_at", FormatRfc3339(me.expires_at)},
                                    {"posts", posts},
                                    {"may_do", may_do}}));
}

Result<Response> EndSession(access_control::Permit& permit, const SessionTransport& transport) {
  RETURN_IF_ERROR(access_control::EndSession(permit));
  Response response;
  response.status = 204;
  response.headers.Add("Set-Cookie", transport.ClearCookie());
  return response;
}

}  // namespace yagura::api
