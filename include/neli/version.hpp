// SPDX-License-Identifier: BSL-1.0
#pragma once

#define NELI_VERSION_MAJOR 0
#define NELI_VERSION_MINOR 1
#define NELI_VERSION_PATCH 0
#define NELI_VERSION "0.1.0"
