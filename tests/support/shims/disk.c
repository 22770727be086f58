/* A bad disk for one folder, put under a process by LD_PRELOAD.

   It stands between the process and libc's write, ftruncate, unlink, rename, fsync and statvfs, so it meets Python's own
   files and pysqlite3's SQLite alike: SQLite is linked into that module statically, but calls libc for all of these.

   DISK_FOLDER   the folder whose files are meant; all else passes untouched
   DISK_CONTROL  a folder outside it, in which the test makes and removes files at any moment:
     slow    "END MS"           each fsync of a path that ends with END takes MS milliseconds longer
     fail    "END SKIP COUNT"   after SKIP good ones, COUNT fsyncs of such paths fail with EIO
     kill    "END SKIP"         after SKIP, the process dies by SIGKILL just as such an fsync has returned
     full    "BYTES SHARED"     the disk has BYTES left: what makes a file longer takes from them, and past them gets
                                ENOSPC. Removing the file `reserve` gives its bytes back, or where SHARED is 1 nothing,
                                since another program takes them at once
   DISK_LOG      a file that gets a line for each fsync: begin and end (CLOCK_MONOTONIC, ns), its result, the path
   DISK_SHADOW   a folder on the same file system, made by support/bad_disk.py, that holds what a power cut would leave:
                 `ino/N`, the bytes of file N as of its last fsync, and `names`, the names as of the folder's last fsync.
                 Files that are unlinked are kept by a link in `kept/`, so that no inode number is given twice.
   Left out: mmap (SQLite's -shm, which no power cut keeps anyway), and writes by writev and sendfile, which nobody
   here uses on files.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define RANGES 256
#define FILES 256

struct dirty { ino_t ino; int whole; int count; off_t from[RANGES], to[RANGES]; };
struct rule { ino_t seen; struct timespec made; long skip, count; char end[128]; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], control[PATH_MAX], shadow[PATH_MAX], log_path[PATH_MAX];
static size_t folder_length;
static struct dirty files[FILES];
static int files_used;
static struct rule fail_rule, kill_rule;
static long long room; /* bytes left while the disk is full */
static int is_shared;
static struct rule full_rule;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rename)(const char *, const char *);
static int (*real_statvfs)(const char *, struct statvfs *);
static int (*real_fstatvfs)(int, struct statvfs *);

static void take_path(char *to, const char *name) {
    const char *value = getenv(name);
    if (value != NULL && strlen(value) < PATH_MAX - 64) strcpy(to, value);
}

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_statvfs = dlsym(RTLD_NEXT, "statvfs64");
    real_fstatvfs = dlsym(RTLD_NEXT, "fstatvfs64");
    take_path(control, "DISK_CONTROL");
    take_path(shadow, "DISK_SHADOW");
    take_path(log_path, "DISK_LOG");
    take_path(folder, "DISK_FOLDER");
    folder_length = strlen(folder);
}

/* ---- which file it is --------------------------------------------------------------------------------------------- */

static int is_inside(const char *path) {
    return folder_length != 0 && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

static int ends_with(const char *path, const char *end) {
    size_t length = strlen(path), wanted = strlen(end);
    return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

/* The path behind a descriptor, if it is a file of the folder, or the folder itself (`kind` S_IFDIR). */
static int path_of(int fd, struct stat *found, char *path) {
    char link[64];
    ssize_t length;
    if (folder_length == 0 || fstat(fd, found) != 0) return 0;
    if (!S_ISREG(found->st_mode) && !S_ISDIR(found->st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

/* ---- what the test wants ------------------------------------------------------------------------------------------ */

static int read_control(const char *name, struct stat *found, char *text, size_t size) {
    char path[PATH_MAX + 16];
    ssize_t length;
    int fd;
    if (control[0] == 0) return 0;
    snprintf(path, sizeof path, "%s/%s", control, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    length = read(fd, text, size - 1);
    if (found != NULL && fstat(fd, found) != 0) length = -1;
    close(fd);
    if (length < 0) return 0;
    text[length] = 0;
    return 1;
}

static int is_news(struct rule *rule, const struct stat *found) {
    if (found->st_ino == rule->seen && found->st_mtim.tv_sec == rule->made.tv_sec &&
        found->st_mtim.tv_nsec == rule->made.tv_nsec)
        return 0;
    rule->seen = found->st_ino;
    rule->made = found->st_mtim;
    return 1;
}

/* 1 if this fsync of `path` is one that the rule means. A file that is made anew starts its counts anew. */
static int rule_meets(struct rule *rule, const char *name, const char *path) {
    char text[256];
    struct stat found;
    if (!read_control(name, &found, text, sizeof text)) return 0;
    if (is_news(rule, &found)) {
        rule->skip = 0;
        rule->count = LONG_MAX;
        if (sscanf(text, "%127s %ld %ld", rule->end, &rule->skip, &rule->count) < 1) return 0;
    }
    if (!ends_with(path, rule->end)) return 0;
    if (rule->skip > 0) {
        rule->skip--;
        return 0;
    }
    return rule->count-- > 0;
}

static void be_slow(const char *path) {
    char text[256], end[128];
    long ms;
    struct timespec left;
    if (!read_control("slow", NULL, text, sizeof text)) return;
    if (sscanf(text, "%127s %ld", end, &ms) != 2 || !ends_with(path, end)) return;
    left.tv_sec = ms / 1000;
    left.tv_nsec = ms % 1000 * 1000000;
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
}

static int is_full(void) {
    char text[64];
    struct stat found;
    if (!read_control("full", &found, text, sizeof text)) return 0;
    if (is_news(&full_rule, &found)) sscanf(text, "%lld %d", &room, &is_shared);
    return 1;
}

/* Take room for a file that grows to `end`; 0 where there is none. */
static int take_room(const struct stat *found, const char *path, off_t end) {
    long long needed = end - found->st_size;
    if (needed <= 0 || ends_with(path, "-shm") || !is_full()) return 1;
    if (needed > room) return 0;
    room -= needed;
    return 1;
}

/* ---- what a power cut would leave --------------------------------------------------------------------------------- */

static struct dirty *dirty_of(ino_t ino) {
    for (int i = 0; i < files_used; i++)
        if (files[i].ino == ino) return &files[i];
    if (files_used == FILES) {
        fprintf(stderr, "disk.c: more than %d files\n", FILES);
        abort();
    }
    /* What an earlier process wrote and did not sync is not known: the first copy is of all. */
    files[files_used].ino = ino;
    files[files_used].whole = 1;
    return &files[files_used++];
}

static void note_write(ino_t ino, off_t from, off_t to) {
    struct dirty *file = dirty_of(ino);
    if (file->whole) return;
    for (int i = file->count - 1; i >= 0 && i >= file->count - 4; i--)
        if (from <= file->to[i] && to >= file->from[i]) {
            if (from < file->from[i]) file->from[i] = from;
            if (to > file->to[i]) file->to[i] = to;
            return;
        }
    if (file->count == RANGES) {
        file->whole = 1;
        return;
    }
    file->from[file->count] = from;
    file->to[file->count++] = to;
}

static void copy_range(int from_fd, int to_fd, off_t from, off_t to) {
    static char block[1 << 16];
    while (from < to) {
        size_t wanted = to - from < (off_t)sizeof block ? (size_t)(to - from) : sizeof block;
        ssize_t length = pread(from_fd, block, wanted, from);
        if (length <= 0) return;
        if (real_pwrite(to_fd, block, length, from) != length) abort();
        from += length;
    }
}

/* In place, as a disk does it: a process that dies in here leaves a torn file, as a power cut during fsync may.

   Read through the caller's own descriptor where it can be read: to open and close SQLite's files once more would let go
   of its locks. */
static void keep_bytes(int fd, ino_t ino) {
    char path[PATH_MAX + 64], link[64];
    struct stat now;
    struct dirty *file = dirty_of(ino);
    int to_fd, from_fd = fd;
    snprintf(path, sizeof path, "%s/ino/%llu", shadow, (unsigned long long)ino);
    if ((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        from_fd = open(link, O_RDONLY | O_CLOEXEC);
    }
    to_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (from_fd < 0 || to_fd < 0 || fstat(from_fd, &now) != 0) abort();
    if (file->whole) copy_range(from_fd, to_fd, 0, now.st_size);
    else
        for (int i = 0; i < file->count; i++) copy_range(from_fd, to_fd, file->from[i], file->to[i]);
    if (real_ftruncate(to_fd, now.st_size) != 0) abort();
    file->whole = file->count = 0;
    if (from_fd != fd) close(from_fd);
    close(to_fd);
}

static void keep_names(void) {
    char path[PATH_MAX + 64], made[PATH_MAX + 64], line[PATH_MAX + 64];
    struct dirent *entry;
    struct stat found;
    DIR *listing = opendir(folder);
    int fd;
    snprintf(path, sizeof path, "%s/names", shadow);
    snprintf(made, sizeof made, "%s/names.new", shadow);
    fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (listing == NULL || fd < 0) abort();
    while ((entry = readdir(listing)) != NULL) {
        if (fstatat(dirfd(listing), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(found.st_mode)) continue;
        int length = snprintf(line, sizeof line, "%llu %s\n", (unsigned long long)found.st_ino, entry->d_name);
        if (real_write(fd, line, length) != length) abort();
    }
    closedir(listing);
    close(fd);
    real_rename(made, path);
}

/* Keep a file that is about to lose its name, so that its number stays taken. */
static void keep_file(const char *path) {
    char kept[PATH_MAX + 64];
    struct stat found;
    if (shadow[0] == 0 || !is_inside(path) || ends_with(path, "/reserve") || ends_with(path, "-shm")) return;
    if (lstat(path, &found) != 0 || !S_ISREG(found.st_mode)) return;
    snprintf(kept, sizeof kept, "%s/kept/%llu", shadow, (unsigned long long)found.st_ino);
    if (link(path, kept) != 0 && errno != EEXIST) abort();
}

/* ---- libc's calls ------------------------------------------------------------------------------------------------- */

static long long now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void note_sync(long long began, int result, const char *path) {
    char line[PATH_MAX + 128];
    int length, fd;
    if (log_path[0] == 0) return;
    length = snprintf(line, sizeof line, "%lld %lld %d %s\n", began, now_ns(), result, path);
    fd = open(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return;
    if (real_write(fd, line, length) != length) abort();
    close(fd);
}

static int sync_file(int fd, int (*real)(int)) {
    struct stat found;
    char path[PATH_MAX];
    long long began;
    int result, dies;
    if (!path_of(fd, &found, path)) return real(fd);
    began = now_ns();
    be_slow(path);
    pthread_mutex_lock(&lock);
    if (rule_meets(&fail_rule, "fail", path)) {
        note_sync(began, EIO, path);
        pthread_mutex_unlock(&lock);
        errno = EIO;
        return -1;
    }
    result = real(fd);
    if (result == 0 && shadow[0] != 0) {
        if (S_ISDIR(found.st_mode)) keep_names();
        else if (!ends_with(path, "-shm")) keep_bytes(fd, found.st_ino);
    }
    dies = result == 0 && rule_meets(&kill_rule, "kill", path);
    note_sync(began, result == 0 ? 0 : errno, path);
    if (dies) kill(getpid(), SIGKILL);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) { return sync_file(fd, real_fsync); }
int fdatasync(int fd) { return sync_file(fd, real_fdatasync); }

static ssize_t write_file(int fd, const void *data, size_t size, off_t at, int is_placed) {
    struct stat found;
    char path[PATH_MAX];
    ssize_t length;
    if (!path_of(fd, &found, path) || !S_ISREG(found.st_mode))
        return is_placed ? real_pwrite(fd, data, size, at) : real_write(fd, data, size);
    pthread_mutex_lock(&lock);
    if (!is_placed) at = fcntl(fd, F_GETFL) & O_APPEND ? found.st_size : lseek(fd, 0, SEEK_CUR);
    if (!take_room(&found, path, at + (off_t)size)) {
        pthread_mutex_unlock(&lock);
        errno = ENOSPC;
        return -1;
    }
    length = is_placed ? real_pwrite(fd, data, size, at) : real_write(fd, data, size);
    if (length > 0 && shadow[0] != 0 && !ends_with(path, "-shm")) note_write(found.st_ino, at, at + length);
    pthread_mutex_unlock(&lock);
    return length;
}

ssize_t write(int fd, const void *data, size_t size) { return write_file(fd, data, size, 0, 0); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return write_file(fd, data, size, at, 1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return write_file(fd, data, size, at, 1); }

static int truncate_file(int fd, off_t size) {
    struct stat found;
    char path[PATH_MAX];
    int result;
    if (!path_of(fd, &found, path) || !S_ISREG(found.st_mode)) return real_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    result = real_ftruncate(fd, size);
    if (result == 0 && shadow[0] != 0 && !ends_with(path, "-shm")) dirty_of(found.st_ino)->whole = 1;
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off_t size) { return truncate_file(fd, size); }
int ftruncate(int fd, off_t size) { return truncate_file(fd, size); }

static int allocate(int fd, off_t from, off_t size) {
    struct stat found;
    char path[PATH_MAX];
    int has_room;
    if (!path_of(fd, &found, path)) return real_fallocate(fd, from, size);
    pthread_mutex_lock(&lock);
    has_room = take_room(&found, path, from + size);
    pthread_mutex_unlock(&lock);
    return has_room ? real_fallocate(fd, from, size) : ENOSPC;
}

int posix_fallocate64(int fd, off_t from, off_t size) { return allocate(fd, from, size); }
int posix_fallocate(int fd, off_t from, off_t size) { return allocate(fd, from, size); }

static void before_unlink(const char *path) {
    struct stat found;
    pthread_mutex_lock(&lock);
    keep_file(path);
    if (is_inside(path) && ends_with(path, "/reserve") && stat(path, &found) == 0 && is_full() && !is_shared)
        room += found.st_size;
    pthread_mutex_unlock(&lock);
}

int unlink(const char *path) {
    before_unlink(path);
    return real_unlink(path);
}

int unlinkat(int at, const char *path, int flags) {
    if (path[0] == '/') before_unlink(path);
    return real_unlinkat(at, path, flags);
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&lock);
    keep_file(to);
    pthread_mutex_unlock(&lock);
    return real_rename(from, to);
}

static int tell_room(int result, const char *path, struct statvfs *told) {
    if (result != 0 || !is_inside(path)) return result;
    pthread_mutex_lock(&lock);
    if (is_full()) told->f_bfree = told->f_bavail = room / (told->f_frsize ? told->f_frsize : 1);
    pthread_mutex_unlock(&lock);
    return result;
}

int statvfs64(const char *path, struct statvfs64 *told) {
    return tell_room(real_statvfs(path, (struct statvfs *)told), path, (struct statvfs *)told);
}
int statvfs(const char *path, struct statvfs *told) { return tell_room(real_statvfs(path, told), path, told); }
int fstatvfs64(int fd, struct statvfs64 *told) { return real_fstatvfs(fd, (struct statvfs *)told); }
int fstatvfs(int fd, struct statvfs *told) { return real_fstatvfs(fd, told); }
