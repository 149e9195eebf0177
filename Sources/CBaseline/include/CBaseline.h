#pragma once
#include <stddef.h>

/// Parses the bytes with libyaml and throws its events away.
/// Returns how many events there were, or minus that number (less one) where a syntax error ended them.
long baseline_events(const unsigned char *bytes, size_t count);
