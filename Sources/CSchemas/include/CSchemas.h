#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// One table file. Its kinds and types are runs of the entries of `kmf_schemas`.
typedef struct {
  const char *group;
  const char *version;
  const unsigned char *text;
  uint32_t length;
  uint16_t first_kind;
  uint16_t kind_count;
  uint16_t first_type;
  uint16_t type_count;
} kmf_schema_file;

/// A line "kind NAME" or "type NAME": where it starts in the text of its file.
/// The entries of a file are sorted by the bytes of NAME.
typedef struct {
  uint32_t offset;
  uint16_t name_length;
  uint16_t file;
} kmf_schema_entry;

/// Everything of `schemas/`, as it was when the program was built.
typedef struct {
  const kmf_schema_file *files;
  const kmf_schema_entry *kinds;
  const kmf_schema_entry *types;
  uint32_t file_count;
  uint32_t kind_count;
  uint32_t type_count;
  uint32_t core_file;
  uint32_t meta_file;
  uint32_t removals_length;
  const unsigned char *removals;
} kmf_schema_tables;

/// The tables; the same ones at every call.
const kmf_schema_tables *kmf_schemas(void);
