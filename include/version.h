/* What this build is: goes into every result file, so that a number can be traced to the program that made it. */
#ifndef VERSION_H
#define VERSION_H

typedef struct version {
    const char *program;  /* "0.1.0" */
    const char *commit;   /* short hash, "+changes" behind it where the tree was not clean; or "unknown" */
    const char *compiler; /* first line of its --version */
    const char *flags;    /* optimisation and floating-point flags */
} version;

extern const version build_version;

#endif
