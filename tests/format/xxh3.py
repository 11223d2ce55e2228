# SPDX-License-Identifier: Apache-2.0
"""XXH3 of xxHash 0.8 with Python's integers: 64 bits with a seed, and 128 bits with seed 0. Slow,
about 5 MB/s, and complete. BLOCK, STRIPE and the names of the primes are the specification's."""

import struct

M32, M64 = 2**32 - 1, 2**64 - 1
P32_1, P32_2, P32_3 = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D
P64_1, P64_2, P64_3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P64_4, P64_5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
RRMXMX = 0x9FB21C651E98DF25
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")
STRIPE, BLOCK = 64, 1024


def u32(data, at):
    return struct.unpack_from("<I", data, at)[0]


def u64(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def swap64(value):
    return int.from_bytes(value.to_bytes(8, "little"), "big")


def rotl(value, by, bits):
    return (value << by | value >> (bits - by)) & ((1 << bits) - 1)


def fold(a, b):
    product = a * b
    return product & M64 ^ product >> 64


def avalanche(h):
    h = (h ^ h >> 37) * 0x165667919E3779F9 & M64
    return h ^ h >> 32


def avalanche64(h):
    h = (h ^ h >> 33) * P64_2 & M64
    h = (h ^ h >> 29) * P64_3 & M64
    return h ^ h >> 32


def mix16(data, at, secret_at, seed):
    return fold(u64(data, at) ^ (u64(SECRET, secret_at) + seed & M64),
                u64(data, at + 8) ^ (u64(SECRET, secret_at + 8) - seed & M64))


def pairs(n):
    """The offsets at which inputs of 17 to 128 bytes are mixed: of a front part, a back part and
    their secret, from the inside to the outside."""
    return [(16 * i, n - 16 * (i + 1), 32 * i) for i in reversed(range((n - 1) // 32 + 1))]


def short64(data, n, seed):
    if n > 8:
        low = u64(data, 0) ^ ((u64(SECRET, 24) ^ u64(SECRET, 32)) + seed & M64)
        high = u64(data, n - 8) ^ ((u64(SECRET, 40) ^ u64(SECRET, 48)) - seed & M64)
        return avalanche(n + swap64(low) + high + fold(low, high) & M64)
    if n >= 4:
        seed ^= int.from_bytes((seed & M32).to_bytes(4, "little"), "big") << 32
        flip = (u64(SECRET, 8) ^ u64(SECRET, 16)) - seed & M64
        h = (u32(data, n - 4) + (u32(data, 0) << 32)) ^ flip
        h = (h ^ rotl(h, 49, 64) ^ rotl(h, 24, 64)) * RRMXMX & M64
        h = (h ^ (h >> 35) + n) * RRMXMX & M64
        return h ^ h >> 28
    if n:
        flip = (u32(SECRET, 0) ^ u32(SECRET, 4)) + seed & M64
        return avalanche64((data[0] << 16 | data[n >> 1] << 24 | data[n - 1] | n << 8) ^ flip)
    return avalanche64(seed ^ u64(SECRET, 56) ^ u64(SECRET, 64))


def accumulate(data, secret):
    """The eight lanes after all stripes of an input of more than 240 bytes."""
    lanes = [P32_3, P64_1, P64_2, P64_3, P64_4, P32_2, P64_5, P32_1]
    keys = [struct.unpack_from("<8Q", secret, 8 * i) for i in range(16)]
    scramble, last_key = (struct.unpack_from("<8Q", secret, at) for at in (128, 121))

    def add(at, key):
        for i, (value, k) in enumerate(zip(struct.unpack_from("<8Q", data, at), key)):
            lanes[i ^ 1] += value
            mixed = value ^ k
            lanes[i] += (mixed & M32) * (mixed >> 32)

    n = len(data)
    for stripe in range((n - 1) // STRIPE):
        add(stripe * STRIPE, keys[stripe % 16])
        if stripe % 16 == 15 and (stripe + 1) * STRIPE <= (n - 1) // BLOCK * BLOCK:
            for i, k in enumerate(scramble):
                lane = lanes[i] & M64
                lanes[i] = (lane ^ lane >> 47 ^ k) * P32_1 & M64
    add(n - STRIPE, last_key)
    return [lane & M64 for lane in lanes]


def merge(lanes, secret, at, start):
    for i in range(0, 8, 2):
        start += fold(lanes[i] ^ u64(secret, at + 8 * i),
                      lanes[i + 1] ^ u64(secret, at + 8 * i + 8))
    return avalanche(start & M64)


def xxh3_64(data, seed=0):
    n = len(data)
    if n <= 16:
        return short64(data, n, seed)
    h = n * P64_1
    if n <= 128:
        for front, back, at in pairs(n):
            h += mix16(data, front, at, seed) + mix16(data, back, at + 16, seed)
        return avalanche(h & M64)
    if n <= 240:
        h = avalanche(h + sum(mix16(data, 16 * i, 16 * i, seed) for i in range(8)) & M64)
        h += sum(mix16(data, 16 * i, 16 * i - 125, seed) for i in range(8, n // 16))
        return avalanche(h + mix16(data, n - 16, 119, seed) & M64)
    secret = SECRET if seed == 0 else b"".join(
        struct.pack("<2Q", u64(SECRET, i) + seed & M64, u64(SECRET, i + 8) - seed & M64)
        for i in range(0, 192, 16))
    return merge(accumulate(data, secret), secret, 11, h & M64)


def short128(data, n):
    if n > 8:
        high = u64(data, n - 8)
        m = (u64(data, 0) ^ high ^ u64(SECRET, 32) ^ u64(SECRET, 40)) * P64_1
        low = m + ((n - 1) << 54) & M64
        high ^= u64(SECRET, 48) ^ u64(SECRET, 56)
        high = (m >> 64) + high + (high & M32) * (P32_2 - 1) & M64
        h = (low ^ swap64(high)) * P64_2
        return avalanche(h & M64), avalanche((h >> 64) + high * P64_2 & M64)
    if n >= 4:
        keyed = (u32(data, 0) + (u32(data, n - 4) << 32)) ^ u64(SECRET, 16) ^ u64(SECRET, 24)
        m = keyed * (P64_1 + (n << 2))
        high = (m >> 64) + (m << 1 & M64) & M64
        low = m & M64 ^ high >> 3
        low = (low ^ low >> 35) * RRMXMX & M64
        return low ^ low >> 28, avalanche(high)
    if n:
        low = data[0] << 16 | data[n >> 1] << 24 | data[n - 1] | n << 8
        high = rotl(int.from_bytes(low.to_bytes(4, "little"), "big"), 13, 32)
        return (avalanche64(low ^ u32(SECRET, 0) ^ u32(SECRET, 4)),
                avalanche64(high ^ u32(SECRET, 8) ^ u32(SECRET, 12)))
    return (avalanche64(u64(SECRET, 64) ^ u64(SECRET, 72)),
            avalanche64(u64(SECRET, 80) ^ u64(SECRET, 88)))


def xxh3_128(data):
    """The low and the high half."""
    n = len(data)
    if n <= 16:
        return short128(data, n)
    if n > 240:
        lanes = accumulate(data, SECRET)
        return (merge(lanes, SECRET, 11, n * P64_1 & M64),
                merge(lanes, SECRET, 117, ~(n * P64_2) & M64))
    low, high = n * P64_1 & M64, 0

    def mix(one, two, at):
        nonlocal low, high
        low = (low + mix16(data, one, at, 0) & M64) ^ (u64(data, two) + u64(data, two + 8) & M64)
        high = (high + mix16(data, two, at + 16, 0) & M64) ^ (
            u64(data, one) + u64(data, one + 8) & M64)

    if n <= 128:
        for front, back, at in pairs(n):
            mix(front, back, at)
    else:
        for i in range(4):
            mix(32 * i, 32 * i + 16, 32 * i)
        low, high = avalanche(low), avalanche(high)
        for i in range(4, n // 32):
            mix(32 * i, 32 * i + 16, 32 * i - 125)
        mix(n - 16, n - 32, 103)
    mixed = low * P64_1 + high * P64_4 + n * P64_2
    return avalanche(low + high & M64), -avalanche(mixed & M64) & M64
