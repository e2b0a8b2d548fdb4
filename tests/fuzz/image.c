#include "data/image_codec.h"
#include "data/images.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "image";

/* JPEG or PNG, as its first bytes say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { BYTES_MAX = 1 << 16 }; /* a large image of few bytes keeps the fuzzer from looking further */
    const char *path = fuzz_file("input", data, size);
    image_size is = { 0 };
    status result = image_file_read(path, &is, NULL);
    if (result == OK && image_bytes(is) <= BYTES_MAX) {
        uint8_t *pixels = malloc((size_t)image_bytes(is)); /* exactly, so that a byte too many is seen */
        fuzz_require(pixels != NULL, "no memory");
        result = image_file_read(path, &is, pixels);
        free(pixels);
    }
    fuzz_check(result);
    return 0;
}
