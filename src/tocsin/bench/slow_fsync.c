/* Makes every fsync and fdatasync of a process as slow as an ordinary disk's, and counts them.
 *
 * Loaded with LD_PRELOAD by `tocsin bench intake`. TOCSIN_BENCH_FSYNC_US: microseconds that a call takes at least; what
 * the real one leaves of them is slept.
 * TOCSIN_BENCH_FSYNC_COUNT: a file of at least 16 bytes; its first eight hold the number of calls, the next eight the
 * microseconds that they took in all, both little-endian as the machine is, written with atomic additions.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static uint64_t unused[2];
static uint64_t *counts = unused;
static uint64_t wait_us;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void)
{
    const char *wait = getenv("TOCSIN_BENCH_FSYNC_US");
    const char *path = getenv("TOCSIN_BENCH_FSYNC_COUNT");
    wait_us = wait ? strtoull(wait, NULL, 10) : 0;
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    if (path) {
        int file = open(path, O_RDWR | O_CLOEXEC);
        if (file >= 0) {
            void *mapped = mmap(NULL, 2 * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (mapped != MAP_FAILED)
                counts = mapped;
            close(file);
        }
    }
}

static uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int slowly(int (*real)(int), int fd)
{
    uint64_t began = now_us();
    int result = real(fd);
    int error = errno;
    uint64_t taken = now_us() - began;
    if (taken < wait_us) {
        struct timespec left = {(wait_us - taken) / 1000000, (wait_us - taken) % 1000000 * 1000};
        while (nanosleep(&left, &left) != 0 && errno == EINTR)
            ;
    }
    __atomic_add_fetch(&counts[0], 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&counts[1], now_us() - began, __ATOMIC_RELAXED);
    errno = error;
    return result;
}

int fsync(int fd) { return slowly(real_fsync, fd); }
int fdatasync(int fd) { return slowly(real_fdatasync, fd); }
