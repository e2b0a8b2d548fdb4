#include "fuzz/fuzz.h"

const char fuzz_name[] = "recordings";

/* What can be read can be printed, written, and read again. */
static void use(const recordings *r, const char *path)
{
    char copy[128];
    recordings *again = NULL;
    FILE *to = fopen("/dev/null", "w");
    fuzz_require(to != NULL && recordings_print(r, path, to) == OK, "what was read cannot be printed");
    fclose(to);
    snprintf(copy, sizeof copy, "%s/copy.h5", fuzz_folder);
    fuzz_require(recordings_write(r, copy, true) == OK, "what was read cannot be written");
    fuzz_require(recordings_read(copy, &again) == OK, "what was written cannot be read");
    fuzz_require(again->sessions == r->sessions, "what was written is not what was read");
    recordings_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file("input.h5", data, size);
    recordings *r = NULL;
    status result = recordings_read(path, &r);
    if (result == OK) use(r, path);
    recordings_free(r);
    fuzz_check(result);
    return 0;
}
