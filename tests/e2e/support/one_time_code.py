"""The code that an authenticator shows (RFC 6238: HMAC-SHA-1, six digits, 30 s), by Python's own library alone."""
import base64
import hashlib
import hmac
import struct
import time


def one_time_code(secret, at_s=None):
    """`secret` in base32; of now unless `at_s` says otherwise."""
    step = int(time.time() if at_s is None else at_s) // 30
    mac = hmac.new(base64.b32decode(secret), struct.pack(">q", step), hashlib.sha1).digest()
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place:place + 4])[0] & 0x7fffffff) % 1_000_000:06}"
