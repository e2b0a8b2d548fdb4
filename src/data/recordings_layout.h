/* Names in a data file (the layout stands in recordings.h). */
#ifndef RECORDINGS_LAYOUT_H
#define RECORDINGS_LAYOUT_H

#define LAYOUT_FORMAT  "infosweep_format"
#define LAYOUT_VERSION "infosweep_version"
#define LAYOUT_NAME    "recordings"

enum { LAYOUT_VERSION_NOW = 1 };

#endif
