#include <stdlib.h>

#include "data/covariance_file.h"
#include "fuzz/fuzz.h"

const char fuzz_name[] = "covariance";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    covariance_file *c = NULL;
    const char *path = fuzz_file("input.csv", data, size);
    const status read = covariance_file_read(path, &c);
    if (read == OK && covariance_file_find(c, c->name[0], (int)strlen(c->name[0])) != 0) abort();
    if (read != OK && read != BAD_INPUT) abort();
    covariance_file_free(c);
    return 0;
}
