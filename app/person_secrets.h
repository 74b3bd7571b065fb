#pragma once

#include <string>

#include "access_control/people_pg.h"
#include "app/verb.h"

/// What opens an account, as it comes from the console and goes to it.
namespace yagura::app {

/// The hash of a password given on standard input, one line. kInvalidArgument, explained: none, too
/// short, too long.
[[nodiscard]] Result<std::string> ReadNewPassword(VerbContext& context);

/// A new secret, or none with --password-alone.
[[nodiscard]] access_control::SecondFactor NewSecondFactor(const VerbContext& context);
/// Prints what the person's authenticator needs: the only time that a secret is shown.
void TellSecondFactor(const VerbContext& context, const std::string& username,
                      const access_control::SecondFactor& factor);

[[nodiscard]] Error NoSuchPerson(const VerbContext& context, const std::string& username);

}  // namespace yagura::app
