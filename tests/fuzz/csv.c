#include "fuzz/fuzz.h"

const char fuzz_name[] = "csv";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.csv", data, size);
    fuzz_read(&csv_format, path, "{trial: trial, target: target}");
    fuzz_read(&csv_format, path,
              "{trial: trial, target: target, bins: keep, bin_ms: 20, counts: true, columns: [rt]}");
    fuzz_read(&csv_format, path, "{target: target, areas: {M1: \"m1_*\", PMd: [pmd_a]}}");
    fuzz_describe(&csv_format, path);
    return 0;
}
