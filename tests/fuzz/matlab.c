#include "fuzz/fuzz.h"

const char fuzz_name[] = "matlab";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.mat", data, size);
    if (matlab_format.available[0]) return 0;
    fuzz_read(&matlab_format, path,
              "{parts: {train: train_trial, test: test_trial}, target: column, areas: {PMd: spikes}, "
              "columns: [trialId], bin_ms: 10, align: 10}");
    fuzz_read(&matlab_format, path,
              "{struct: R, target: posTargets1, drop: [0, 0], columns: [note, timeTargetOn], "
              "areas: {PMd: spikeRaster2, M1: spikeRaster}, "
              "valid: {from: timeTargetOn - delayTime, to: timeTargetOn}}");
    fuzz_describe(&matlab_format, path);
    return 0;
}
