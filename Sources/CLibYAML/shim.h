#pragma once
#include <string.h>
#include <yaml.h>

// What a scalar event holds. Swift copies a whole union to read one member of it; this reads the
// members where they are.
typedef struct {
  const unsigned char *value;
  size_t length;
  const unsigned char *anchor;
  const unsigned char *tag;
  yaml_scalar_style_t style;
} kmf_scalar;

static inline kmf_scalar kmf_scalar_of(const yaml_event_t *event) {
  kmf_scalar scalar = {event->data.scalar.value, event->data.scalar.length,
                       event->data.scalar.anchor, event->data.scalar.tag,
                       event->data.scalar.style};
  return scalar;
}
