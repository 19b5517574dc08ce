// SPDX-License-Identifier: BSL-1.0
#pragma once

/// What a shared library of neli exports. All else is hidden there.
#define NELI_API __attribute__((visibility("default")))
