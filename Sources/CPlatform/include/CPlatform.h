// Calls of the operating system that Swift's C library module does not show.
#ifndef HEBB_CPLATFORM_H
#define HEBB_CPLATFORM_H

#include <stdint.h>

// Asks the kernel to send this process SIGTERM when its parent dies. Returns 0, or -1 where the
// system has no such call (macOS): there the heartbeat finds out.
int hebb_die_with_parent(void);

// Keeps big buffers in the heap instead of mapping and page-faulting each one anew: a parameter
// server allocates vectors of the same few sizes over and over. No effect outside glibc.
void hebb_keep_big_buffers(void);

// Sleeps for so many nanoseconds, or until a signal comes.
void hebb_sleep(int64_t nanoseconds);

// A descriptor that becomes readable when `hebb_wake` is called from any thread or signal handler.
// Returns a descriptor, or -1. `hebb_wake_drain` makes it unreadable again.
typedef struct { int read_end; int write_end; } hebb_waker;
hebb_waker hebb_waker_make(void);
void hebb_wake(hebb_waker waker);
void hebb_wake_drain(hebb_waker waker);
void hebb_waker_close(hebb_waker waker);

// Catches SIGINT, SIGTERM and SIGHUP and ignores SIGPIPE: the first signal wakes the returned
// descriptor, a second Ctrl-C ends the process at once.
hebb_waker hebb_catch_signals(void);

// The signal that came, or 0.
int hebb_seen_signal(void);

// The same; makes the descriptor of `hebb_catch_signals` unreadable.
int hebb_caught_signal(void);

#endif
