/* What a function that can fail returns, and how a failure is told to a person.
 *
 * A failing function records one line of text where the failure happens (what is wrong, where, and what would be
 * right) and returns its status; callers pass the status on with TRY and never print. main.c prints the text once.
 * Statuses are ordered from best to worst, so the maximum over ranks is the joint status. */
#ifndef STATUS_H
#define STATUS_H

/* name, exit status of the program, what it means */
#define STATUS_LIST(X)                                                       \
    X(OK, 0, "all tasks are done")                                           \
    X(SOME_FAILED, 1, "some tasks failed")                                   \
    X(WORK_LEFT, 75, "stopped in time with work left")                       \
    X(BAD_INPUT, 2, "the command line, the sweep file or the data is wrong") \
    X(NO_MEMORY, 3, "not enough memory")                                     \
    X(IO_FAILED, 3, "reading or writing failed")                             \
    X(BROKEN, 3, "infosweep itself is at fault")

#define STATUS_ENUM(name, exit_status, text) name,
typedef enum status { STATUS_LIST(STATUS_ENUM) STATUS_COUNT } status;
#undef STATUS_ENUM

/* Records the text of a failure (printf style; one line, no newline) and returns `code`. */
status failure(status code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "PREFIX: " before the recorded text, for callers that know the place, and returns `code`. */
status failure_at(status code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text recorded last; "" when there is none. Valid until the next failure. */
const char *failure_text(void);
void failure_clear(void);

/* What may fail without harm must not hide what failed before: keep the text, and put it back afterwards. */
enum { FAILURE_TEXT_MAX = 1024 };
void failure_keep(char text[FAILURE_TEXT_MAX]);
void failure_put_back(const char text[FAILURE_TEXT_MAX]);

int status_exit(status code);         /* exit status of the program */
const char *status_text(status code); /* what it means */

/* Both end at the label `done:` of a function that holds `status result = OK;`. */
#define TRY(call)                    \
    do {                             \
        result = (call);             \
        if (result != OK) goto done; \
    } while (0)
#define CHECK(condition, code, ...)                \
    do {                                           \
        if (!(condition)) {                        \
            result = failure((code), __VA_ARGS__); \
            goto done;                             \
        }                                          \
    } while (0)

#endif
