#include "fuzz/fuzz.h"

const char fuzz_name[] = "npz";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.npz", data, size);
    fuzz_read(&npz_format, path, "{features: rates, trial: trial, target: target, columns: [vel]}");
    fuzz_read(&npz_format, path,
              "{areas: {a: rates}, trial: trial, target: target, bins: keep, bin_ms: 10, counts: true}");
    fuzz_read(&npz_format, path, "{features: f, target: target, columns: [y, word], bin_ms: 10}");
    fuzz_describe(&npz_format, path);
    return 0;
}
