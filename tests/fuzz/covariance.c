#include <math.h>

#include "data/covariance_file.h"
#include "fuzz/fuzz.h"
#include "gaussian_information.h"

const char fuzz_name[] = "covariance";

/* What is read is a covariance, or is refused when it is looked at. */
static void look_at(const covariance_file *file)
{
    double bits = NAN;
    const covariance c = { .sources = 1, .size = { file->n - 1 }, .target = 1, .value = file->value };
    const status got = gaussian_information(&c, 1, &bits);
    fuzz_require(got == BAD_INPUT || (got == OK && bits >= 0), "information is no number");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    covariance_file *c = NULL;
    const char *path = fuzz_file("input.csv", data, size);
    const status got = covariance_file_read(path, &c);
    fuzz_require(got == OK || got == BAD_INPUT, "neither read nor refused");
    if (got == OK) {
        fuzz_require(covariance_file_find(c, c->name[0], (int)strlen(c->name[0])) == 0,
                     "a name is not found");
        look_at(c);
    }
    covariance_file_free(c);
    return 0;
}
