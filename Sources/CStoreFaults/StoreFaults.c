/*
 * A layer between SQLite and the file system that counts what changes files and strikes at one of
 * these moments. Everything else is passed on to SQLite's own layer, whose method tables are copied
 * and changed in four places.
 */
#include "store_faults.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { TABLES_MAX = 8 };

/* A changed copy of a method table; it comes first, so that a file's table leads to its origin. */
struct table {
  sqlite3_io_methods changed;
  const sqlite3_io_methods *origin;
};

static struct table tables[TABLES_MAX];
static int table_count;
static sqlite3_vfs *below;
static sqlite3_vfs layer;
static enum store_fault chosen;
static long chosen_at;
static atomic_long count;

long store_faults_count(void) { return atomic_load(&count); }

static const sqlite3_io_methods *origin(sqlite3_file *file) {
  return ((const struct table *)file->pMethods)->origin;
}

static void die(void) { kill(getpid(), SIGKILL); }

/* Counts one change; answers whether it is refused. */
static int strike(void) {
  long number = atomic_fetch_add(&count, 1) + 1;
  if (chosen == STORE_FAULT_KILL && number == chosen_at) die();
  return chosen == STORE_FAULT_FULL && number >= chosen_at;
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
  if (strike()) return SQLITE_FULL;
  if (chosen == STORE_FAULT_TEAR && atomic_load(&count) == chosen_at) {
    origin(file)->xWrite(file, bytes, size / 2, offset);
    die();
  }
  return origin(file)->xWrite(file, bytes, size, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
  strike();
  return origin(file)->xTruncate(file, size);
}

static int sync_file(sqlite3_file *file, int flags) {
  strike();
  return origin(file)->xSync(file, flags);
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)vfs;
  strike();
  return below->xDelete(below, name, sync);
}

static int open_file(
    sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *answered) {
  (void)vfs;
  int code = below->xOpen(below, name, file, flags, answered);
  if (!file->pMethods) return code;
  for (int i = 0; i < table_count; i++) {
    if (tables[i].origin == file->pMethods) {
      file->pMethods = &tables[i].changed;
      return code;
    }
  }
  if (table_count == TABLES_MAX) return code;
  struct table *table = &tables[table_count++];
  table->origin = file->pMethods;
  table->changed = *file->pMethods;
  table->changed.xWrite = write_file;
  table->changed.xTruncate = truncate_file;
  table->changed.xSync = sync_file;
  file->pMethods = &table->changed;
  return code;
}

int store_faults_install(enum store_fault fault, long at) {
  chosen = fault;
  chosen_at = at;
  sqlite3_initialize();
  below = sqlite3_vfs_find(0);
  if (!below) return SQLITE_ERROR;
  layer = *below;
  layer.zName = "store-faults";
  layer.xOpen = open_file;
  layer.xDelete = delete_file;
  return sqlite3_vfs_register(&layer, 1);
}
