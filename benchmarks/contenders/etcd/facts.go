// SPDX-License-Identifier: BSL-1.0

package main

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

type facts struct{ name string }

// The time of the machine's monotonic clock, which Go's own time does not give.
func now() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err)
	}
	return t.Nano()
}

// One write per line, so that no line is lost when the process is killed next.
func (f facts) print(what string, detail ...string) {
	words := append([]string{strconv.FormatInt(now(), 10), f.name, what}, detail...)
	os.Stdout.WriteString(strings.Join(words, " ") + "\n")
}
