#pragma once
#include <fcntl.h>
#include <sqlite3.h>

#ifndef O_TMPFILE
#define O_TMPFILE (020000000 | O_DIRECTORY)
#endif
/* These macros are expressions that Swift does not see. */
static const int csqlite_nameless_file = O_TMPFILE;

/* Binds text by copying it; the destructor constant is a cast that Swift does not import. */
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return sqlite3_bind_text(statement, index, (const char *)bytes, count, SQLITE_TRANSIENT);
}

/* Binds bytes that stay where they are until the statement is reset. */
static inline int csqlite_bind_borrowed(
    sqlite3_stmt *statement, int index, const void *bytes, int count) {
  return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_STATIC);
}

/*
 * Reads the first bytes of the database file through SQLite's own file handle, without any lock.
 * Another descriptor must not be used: closing it would drop the process's locks on the file.
 * `size` receives the length of the file.
 */
static inline int csqlite_read_header(
    sqlite3 *database, unsigned char *bytes, int count, long long *size) {
  sqlite3_file *file = 0;
  sqlite3_int64 length = 0;
  int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  if (!file || !file->pMethods) return SQLITE_CANTOPEN;
  code = file->pMethods->xFileSize(file, &length);
  *size = length;
  if (code != SQLITE_OK || length < count) return code;
  return file->pMethods->xRead(file, bytes, count, 0);
}
