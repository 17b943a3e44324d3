-- The cryptography under sealed fields gives the answers of the published test vectors (AES-256-GCM, HKDF, HMAC), and
-- keeps its promises on random input. The kernel has no PostgreSQL in it, so it is compiled alone, with sanitizers.
\! cc -std=gnu11 -g -O1 -Wall -Isrc -DSTANDALONE -fsanitize=address,undefined -fno-sanitize-recover=undefined tests/fuzz/access_seal.c src/access/seal_kernel.c -lcrypto -o "$OUTBREAK_WORK/access_seal" && "$OUTBREAK_WORK/access_seal" 5000 2>&1; rm -f "$OUTBREAK_WORK/access_seal"
