#pragma once  // engine/discovery/aws_signature.h
// Signature Version 4, by which requests to AWS prove who sends them
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
// Internal to engine/discovery.
#include <string>

#include "base/time.h"
#include "base/transport.h"

namespace promenade::discovery {

struct AwsSigner {
  std::string access_key;
  std::string secret_key;
  std::string region;
  std::string service;  // "ec2".
};

// Adds X-Amz-Date and Authorization. The URL's query has to be in order and percent-encoded; its
// host, the Content-Type if there is one, and the body become part of the signature.
void sign(HttpRequest& request, const AwsSigner& signer, Timestamp now);

}  // namespace promenade::discovery
