#include "fuzz/fuzz.h"

const char fuzz_name[] = "nwb";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.nwb", data, size);
    fuzz_read(&nwb_format, path, "{target: target, from_ms: 0, to_ms: 100, bin_ms: 50, area_by: location}");
    fuzz_read(&nwb_format, path,
              "{align: go_time, from_ms: -500, to_ms: 100, bin_ms: 50, times: [start_time]}");
    fuzz_describe(&nwb_format, path);
    return 0;
}
