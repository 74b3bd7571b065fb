#include "api/error_to_http.h"

namespace yagura::api {
namespace {

constexpr const char* kRetryAfter =
    "2";  // seconds; PostgreSQL is usually back, or a queue drained, within that

int StatusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kPermissionDenied:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kAlreadyExists:
      return 409;
    case ErrorCode::kFailedPrecondition:
      return 409;
    case ErrorCode::kOutOfRange:
      return 416;
    case ErrorCode::kResourceExhausted:
      return 429;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kDeadlineExceeded:
      return 503;
    case ErrorCode::kAborted:
      return 503;
    case ErrorCode::kDataLoss:
      return 500;
    case ErrorCode::kUnimplemented:
      return 501;
    case ErrorCode::kInternal:
      return 500;
  }
  return 500;
}

}  // namespace

Problem ToProblem(const Error& error) {
  Problem problem;
  problem.status = StatusOf(error.code());
  problem.code = ToString(error.code());
  if (error.code() != ErrorCode::kNotFound) problem.detail = error.public_message();
  return problem;
}

Response ToResponse(const Problem& problem) {
  Json body = Json::Object({{"type", "about:blank"},
                            {"title", StatusText(problem.status)},
                            {"status", problem.status},
                            {"code", problem.code}});
  if (!problem.detail.empty()) body.Set("detail", problem.detail);
  for (const std::string& member : problem.members.members())
    body.Set(member, problem.members.Get(member));
  Response response;
  response.status = problem.status;
  response.headers.Set("Content-Type", "application/problem+json");
  if (problem.status == 503 || problem.status == 429)
    response.headers.Set("Retry-After", kRetryAfter);
  if (problem.status == 401) response.headers.Set("WWW-Authenticate", "Bearer");
  response.body = body.Dump() + "\n";
  return response;
}

Response ToResponse(const Error& error) { return ToResponse(ToProblem(error)); }

std::string_view StatusText(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return status >= 500 ? "Internal Server Error" : "Error";
  }
}

}  // namespace yagura::api
