#pragma once
#include <string.h>
#include <yaml.h>
