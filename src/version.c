#include "version.h"

const version build_version = {
    .program = INFOSWEEP_VERSION,
    .commit = INFOSWEEP_COMMIT,
    .compiler = INFOSWEEP_COMPILER,
    .flags = INFOSWEEP_FLAGS,
};
