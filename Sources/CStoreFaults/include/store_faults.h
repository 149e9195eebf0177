#pragma once

/* What happens at the chosen write to a file of SQLite. */
enum store_fault {
  STORE_FAULT_NONE = 0,
  STORE_FAULT_KILL = 1, /* the process is killed before the write */
  STORE_FAULT_TEAR = 2, /* half of the bytes are written, then the process is killed */
  STORE_FAULT_FULL = 3, /* this write and all later ones are refused as on a full disk */
};

/* Lets `fault` happen at the write numbered `at`, from 1. Call before any database is opened. */
int store_faults_install(enum store_fault fault, long at);

/* How many writes, truncations, syncs and deletions there were. */
long store_faults_count(void);
